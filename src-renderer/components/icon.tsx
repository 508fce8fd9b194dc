import type { ReactNode } from 'react'

/** Strokes on a grid of 16 by 16, drawn for this app. */
const paths = {
  bucket:
    'M2.5 4c0-1.1 2.5-2 5.5-2s5.5.9 5.5 2-2.5 2-5.5 2-5.5-.9-5.5-2Zm0 0 1.4 8.6c.2.9 2 1.6 4.1 1.6s3.9-.7 4.1-1.6L13.5 4',
  sandbox: 'M2.5 5.5 8 2.5l5.5 3v5.2L8 13.7l-5.5-3V5.5Zm0 0L8 8.5l5.5-3M8 8.5v5.2',
  folder:
    'M1.8 4.2c0-.7.5-1.2 1.2-1.2h3l1.5 1.7H13c.7 0 1.2.5 1.2 1.2v5.9c0 .7-.5 1.2-1.2 1.2H3c-.7 0-1.2-.5-1.2-1.2V4.2Z',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3.5 8h9',
  change: 'm3 13 .6-3L10.8 2.8l2.4 2.4L6 12.4 3 13Z',
  replace: 'M3 6.5h9.5m-3-3 3 3M13 9.5H3.5m3 3-3-3',
  stack: 'm8 2 6 3-6 3-6-3 6-3Zm-6 6 6 3 6-3M2 11l6 3 6-3',
  back: 'M10 3 5 8l5 5',
  check: 'm3 8.5 3.3 3.3L13 4.8',
  cross: 'm4 4 8 8m0-8-8 8',
  warning: 'M8 2.3 14.5 13.5h-13L8 2.3ZM8 6.5v3.2m0 1.9v.1',
  error: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8Zm0 3v3.7m0 2.4v.1',
  info: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8Zm0 5.7V11m0-6v.1',
  up: 'M8 13V3.5M4 7l4-4 4 4',
  down: 'M8 3v9.5M4 9l4 4 4-4',
  cloud: 'M4.5 12.5a3 3 0 0 1-.3-6 4 4 0 0 1 7.7.6 2.7 2.7 0 0 1-.4 5.4h-7Z',
  save: 'M8 2v7m-3-3 3 3 3-3M2.5 11v2.5h11V11',
  conflict: 'M2.5 2.5h6v6h-6v-6Zm5 5h6v6h-6v-6Z',
  person: 'M8 8.2a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6Zm-5.3 5.5c.4-2.5 2.4-3.7 5.3-3.7s4.9 1.2 5.3 3.7',
} as const

const filled = { more: 'M3.5 8h.01M8 8h.01M12.5 8h.01' } as const

export type IconName = keyof typeof paths | keyof typeof filled

/** A picture that says nothing on its own: whoever shows it also names the thing. */
export function Icon({ name, className }: { name: IconName; className?: string | undefined }): ReactNode {
  const dots = name === 'more'
  return (
    <svg className={`icon ${className ?? ''}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path
        d={dots ? filled.more : paths[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth={dots ? 2.2 : 1.3}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}
