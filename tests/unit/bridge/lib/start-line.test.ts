import { PassThrough } from 'node:stream'

import { describe, expect, it } from 'vitest'
import { z } from 'zod'

import { readStartLine } from '../../../../docker/bridge/lib/start-line.ts'

const schema = z.object({ token: z.string().min(8), port: z.number().default(7) })

describe('the start line', () => {
  it('is read in whatever pieces it comes, and stdin stays open after it', async () => {
    const stdin = new PassThrough()
    const reading = readStartLine(stdin, schema)
    for (const piece of ['{"token":"lö', 'ng enough"', '}\nwhat follows is nobody’s business\n'])
      stdin.write(piece)
    const { value, ended } = await reading
    expect(value).toEqual({ token: 'löng enough', port: 7 })
    stdin.end()
    await ended
  })

  it('counts stdin that is destroyed as ended', async () => {
    const stdin = new PassThrough()
    stdin.write('{"token":"long enough"}\n')
    const { ended } = await readStartLine(stdin, schema)
    stdin.destroy()
    await ended
  })

  it.each([
    ['is no JSON', 'secret{\n', 'no JSON'],
    ['lacks a field', '{"port":1}\n', 'not as agreed: token'],
    ['is of another kind', '"secret"\n', 'not as agreed: the whole line'],
    ['has a wrong field', '{"token":"secret"}\n', 'not as agreed: token'],
    ['is far too long', 'x'.repeat(2 * 1024 * 1024), 'too long'],
  ])('is refused without a word of it when it %s', async (_what, text, reason) => {
    const stdin = new PassThrough()
    stdin.write(text)
    const failure: unknown = await readStartLine(stdin, schema).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'start-line-invalid', args: { reason } })
    expect(JSON.stringify(failure) + String(failure)).not.toContain('secret')
    expect(failure).not.toHaveProperty('cause')
  })

  it('is refused when stdin ends before it, and when it does not come in time', async () => {
    const stdin = new PassThrough()
    stdin.end('{"token":"long enough"}')
    await expect(readStartLine(stdin, schema)).rejects.toMatchObject({ code: 'start-line-invalid' })
    await expect(readStartLine(new PassThrough(), schema, { timeoutMs: 5 })).rejects.toMatchObject({
      args: { reason: 'none within 5 ms' },
    })
  })
})
