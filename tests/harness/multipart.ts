import type { RawResponse } from './raw-response.ts'

export interface BodyPart {
  readonly contentRange: string
  readonly body: Buffer
}

/** The parts of a `multipart/byteranges` answer, in order. @throws when the body is not shaped as RFC 9110 §14.6 asks. */
export function parseByteRanges(answer: RawResponse): readonly BodyPart[] {
  const boundary = /^multipart\/byteranges; *boundary="?([^";]+)"?$/.exec(
    answer.headers['content-type'] ?? '',
  )?.[1]
  if (boundary === undefined)
    throw new Error(`not multipart/byteranges: ${String(answer.headers['content-type'])}`)
  const latin1 = answer.body.toString('latin1')
  const pieces = `\r\n${latin1}`.split(`\r\n--${boundary}`)
  if (!/^--\s*$/.test(pieces.at(-1)!)) throw new Error('the closing boundary is missing')
  return pieces.slice(1, -1).map((piece) => {
    const headEnd = piece.indexOf('\r\n\r\n')
    const contentRange = /^content-range: *(.+?)\r?$/im.exec(piece.slice(0, headEnd + 2))?.[1]
    if (headEnd < 0 || contentRange === undefined) throw new Error('a part has no Content-Range')
    return { contentRange, body: Buffer.from(piece.slice(headEnd + 4), 'latin1') }
  })
}
