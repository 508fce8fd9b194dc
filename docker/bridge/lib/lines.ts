import type { Readable } from 'node:stream'

const maxLineChars = 64 * 1024

/** Calls `onLine` for each line of `input`, without its end; a line that is far too long is cut into pieces. */
export function eachLine(input: Readable, onLine: (line: string) => void): void {
  let rest = ''
  input.setEncoding('utf8')
  input.on('data', (chunk: string) => {
    const lines = (rest + chunk).split(/\r?\n/)
    rest = lines.pop() ?? ''
    if (rest.length > maxLineChars) lines.push(rest)
    if (rest.length > maxLineChars) rest = ''
    for (const line of lines) if (line !== '') onLine(line)
  })
  input.on('end', () => {
    if (rest !== '') onLine(rest)
    rest = ''
  })
  // The process's end is told by its exit; a broken pipe adds nothing.
  input.on('error', () => undefined)
}
