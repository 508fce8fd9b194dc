import { describe, expect, test } from 'vitest'

import { ResponseReader } from '../../../bench/lib/response-reader.ts'

const responses = [
  {
    name: 'of a known length',
    text: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
    status: 200,
    body: 'hello',
  },
  { name: 'of length 0', text: 'HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n', status: 201, body: '' },
  { name: 'that has no body', text: 'HTTP/1.1 204 No Content\r\nDate: now\r\n\r\n', status: 204, body: '' },
  {
    name: 'in chunks, with an extension and a trailer',
    text: 'HTTP/1.1 207 M\r\nTransfer-Encoding: chunked\r\n\r\n3;x=1\r\nabc\r\nA\r\n0123456789\r\n0\r\nMd5: 1\r\n\r\n',
    status: 207,
    body: 'abc0123456789',
  },
] as const

describe('a response', () => {
  test.for(responses)('$name is read however it is cut', ({ text, status, body }) => {
    for (const pieceBytes of [1, 2, 7, text.length]) {
      const reader = new ResponseReader({ keepsBody: true })
      const answers = piecesOf(text, pieceBytes).map((piece) => reader.feed(piece))

      expect(answers.slice(0, -1)).toEqual(answers.slice(0, -1).map(() => undefined))
      const last = answers.at(-1)
      expect({ status: last?.status, bytes: last?.bodyBytes, body: last?.body.toString() }).toEqual({
        status,
        bytes: body.length,
        body,
      })
    }
  })

  test('is counted but not kept unless it is asked for', () => {
    const answer = new ResponseReader().feed(Buffer.from(responses[0].text))
    expect(answer).toMatchObject({ bodyBytes: 5, body: Buffer.alloc(0) })
  })

  test.for([
    { name: 'that does not say where it ends', text: 'HTTP/1.1 200 OK\r\n\r\nhello' },
    { name: 'that goes on after its end', text: 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhello' },
    { name: 'with a broken chunk size', text: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n' },
    { name: 'that is no HTTP', text: 'SSH-2.0-OpenSSH\r\n\r\n' },
  ])('$name is refused: its server would look faster than it is', ({ text }) => {
    expect(() => new ResponseReader().feed(Buffer.from(text))).toThrow()
  })
})

function piecesOf(text: string, pieceBytes: number): readonly Buffer[] {
  const count = Math.ceil(text.length / pieceBytes)
  return Array.from({ length: count }, (_, at) =>
    Buffer.from(text.slice(at * pieceBytes, (at + 1) * pieceBytes)),
  )
}
