import { randomBytes } from 'node:crypto'

const prefix = '.mountbar-'
const pattern = /^\.mountbar-(\d+)-[0-9a-f]{16}\.part$/

/**
 * A name for a file that is not complete yet. It is not derived from the target's name, which may already have the
 * full 255 bytes. The process id tells a later process whether the writer can still be at it.
 */
export function newTemporaryName(): string {
  return `${prefix}${process.pid}-${randomBytes(8).toString('hex')}.part`
}

export function isTemporaryName(name: string): boolean {
  return name.startsWith(prefix) && pattern.test(name)
}

/** The process that gave `name` to a temporary file; undefined when it is not such a name. */
export function writerOf(name: string): number | undefined {
  const digits = pattern.exec(name)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
