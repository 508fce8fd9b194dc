import { Readable } from 'node:stream'

import { describe, expect, test } from 'vitest'
import { z } from 'zod'

import { NdjsonError, readNdjson } from '../../../src-main/lib/ndjson.ts'

const schema = z.object({ n: z.number(), text: z.string().optional() })
type Value = z.output<typeof schema>

async function readAll(
  chunks: readonly (string | Uint8Array)[],
  onInvalid?: (error: NdjsonError) => void,
): Promise<Value[]> {
  const values: Value[] = []
  const input = Readable.from(chunks.map((chunk) => Buffer.from(chunk)))
  const options = { maxLineBytes: 40, ...(onInvalid === undefined ? {} : { onInvalid }) }
  for await (const value of readNdjson(input, schema, options)) values.push(value)
  return values
}

describe('reading lines of JSON', () => {
  test.each([
    ['one line a chunk', ['{"n":1}\n', '{"n":2}\n']],
    ['several lines in a chunk', ['{"n":1}\n{"n":2}\n']],
    ['a line in several chunks', ['{"', 'n":1', '}', '\n{"n":2}\n']],
    ['empty lines and CRLF', ['\n\r\n{"n":1}\r\n  \n{"n":2}\n']],
    ['a last line without its end', ['{"n":1}\n{"n":2}']],
  ])('takes %s', async (_, chunks) => {
    expect(await readAll(chunks)).toEqual([{ n: 1 }, { n: 2 }])
  })

  test('takes letters that are split between chunks', async () => {
    const bytes = Buffer.from('{"n":1,"text":"é📷"}\n')
    const chunks = [...bytes].map((byte) => Uint8Array.of(byte))
    expect(await readAll(chunks)).toEqual([{ n: 1, text: 'é📷' }])
  })

  test('takes signs in names that other readers end a line at', async () => {
    const text = 'a\u2028b\u2029c\u0085'
    expect(await readAll([`${JSON.stringify({ n: 1, text })}\n`])).toEqual([{ n: 1, text }])
  })

  test.each([
    ['that is no JSON', '{"n":\n'],
    ['that is not of the schema', '{"n":"1"}\n'],
    ['that is too long', `{"n":1,"text":"${'x'.repeat(40)}"}\n`],
    ['that never ends', 'x'.repeat(41)],
  ])('ends with an error at a line %s', async (_, line) => {
    await expect(readAll(['{"n":1}\n', line, '{"n":2}\n'])).rejects.toThrow(NdjsonError)
  })

  test('skips what cannot be read where somebody hears of it', async () => {
    const errors: NdjsonError[] = []
    const values = await readAll(['{"n":1}\nhello\n{"n":"x"}\n{"n":2}\n'], (error) => errors.push(error))
    expect(values).toEqual([{ n: 1 }, { n: 2 }])
    expect(errors).toHaveLength(2)
  })

  test('does not skip an endless line: it would be kept in memory', async () => {
    await expect(readAll(['x'.repeat(41)], () => undefined)).rejects.toThrow('line too long')
  })
})
