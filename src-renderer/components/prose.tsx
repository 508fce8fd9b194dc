import type { ReactNode } from 'react'

/** A sentence of the catalogue, in which `backticks` stand around what is to be typed. */
export function Prose({ text }: { text: string }): ReactNode {
  return text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))
}
