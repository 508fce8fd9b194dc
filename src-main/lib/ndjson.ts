import type { Readable } from 'node:stream'

import type { z } from 'zod'

/** A peer that sends something else than agreed: not JSON, not of the schema, or a line without end. */
export class NdjsonError extends Error {
  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options)
    this.name = 'NdjsonError'
  }
}

export interface NdjsonOptions {
  readonly maxLineBytes: number
  /** Hears of a line that is no JSON or not of the schema, which is then skipped; without it such a line ends the reading. */
  readonly onInvalid?: (error: NdjsonError) => void
}

/**
 * One parsed value per line of `input`, until it ends. Empty lines are skipped; a last line without newline counts.
 * @throws NdjsonError on the first line that is too long, or (without `onInvalid`) no JSON or not of `schema`.
 */
export async function* readNdjson<T>(
  input: Readable,
  schema: z.ZodType<T>,
  { maxLineBytes, onInvalid }: NdjsonOptions,
): AsyncGenerator<T, void> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of input as AsyncIterable<Uint8Array>) {
    rest += decoder.decode(chunk, { stream: true })
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    yield* parseLines(lines)
    if (rest.length > maxLineBytes) throw new NdjsonError('line too long')
  }
  yield* parseLines([rest])

  function* parseLines(lines: readonly string[]): Generator<T, void> {
    for (const line of lines) {
      if (line.length > maxLineBytes) throw new NdjsonError('line too long')
      if (line.trim() === '') continue
      const value = parse(line, schema)
      if (!(value instanceof NdjsonError)) yield value
      else if (onInvalid === undefined) throw value
      else onInvalid(value)
    }
  }
}

function parse<T>(line: string, schema: z.ZodType<T>): T | NdjsonError {
  try {
    return schema.parse(JSON.parse(line))
  } catch (cause) {
    return new NdjsonError('unreadable line', { cause })
  }
}
