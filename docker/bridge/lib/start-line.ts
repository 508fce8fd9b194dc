import type { Readable } from 'node:stream'
import type { z } from 'zod'

import { BridgeError } from './bridge-error.ts'

/** Room for a certificate, its key and a few certificate authorities. */
const maxLineBytes = 1024 * 1024
const patienceMs = 10_000
const newline = 0x0a

export interface StartLine<T> {
  readonly value: T
  /** Resolves when whoever started this program has closed its stdin, or died. */
  readonly ended: Promise<void>
}

/**
 * Reads the first line of `stdin`, one JSON value. What follows is thrown away, and `stdin` is read on for the sake of its end, which
 * keeps the process alive.
 *
 * Nothing of the line shows in an error but the names of the fields that are wrong: it carries secrets.
 * @throws BridgeError `start-line-invalid`, also when no line came within ten seconds.
 */
export async function readStartLine<Schema extends z.ZodType>(
  stdin: Readable,
  schema: Schema,
  { timeoutMs = patienceMs }: { readonly timeoutMs?: number } = {},
): Promise<StartLine<z.output<Schema>>> {
  const ended = new Promise<void>((resolve) => {
    // A stdin that fails is as gone as one that ends.
    for (const event of ['end', 'close', 'error']) stdin.once(event, () => resolve())
  })
  const line = await readFirstLine(stdin, ended, timeoutMs)
  stdin.resume()
  const parsed = schema.safeParse(parseJson(line))
  if (parsed.success) return { value: parsed.data, ended }
  const fields = parsed.error.issues.map(({ path }) => path.join('.')).join(', ')
  throw invalid(`not as agreed: ${fields || 'the whole line'}`)
}

function readFirstLine(stdin: Readable, ended: Promise<void>, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let length = 0
    const settle = (conclude: () => void): void => {
      clearTimeout(timer)
      stdin.off('data', onData)
      conclude()
    }
    const fail = (reason: string): void => settle(() => reject(invalid(reason)))
    const onData = (part: Buffer | string): void => {
      const bytes = Buffer.from(part)
      const end = bytes.indexOf(newline)
      parts.push(end === -1 ? bytes : bytes.subarray(0, end))
      length += bytes.length
      if (end !== -1) settle(() => resolve(Buffer.concat(parts).toString()))
      else if (length > maxLineBytes) fail('too long')
    }
    const timer = setTimeout(() => fail(`none within ${timeoutMs} ms`), timeoutMs)
    stdin.on('data', onData)
    void ended.then(() => fail('stdin ended before it'))
  })
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    // Not as the cause: its message quotes the line.
    throw invalid('no JSON')
  }
}

function invalid(reason: string): BridgeError {
  return new BridgeError('start-line-invalid', { reason })
}
