import { BodyCounter } from './body-counter.ts'

/** One response, its body counted and, if asked for, kept. */
export interface CountedResponse {
  readonly status: number
  /** Without chunk framing. */
  readonly bodyBytes: number
  /** Empty unless the reader was told to keep it. */
  readonly body: Buffer
}

const headEnd = Buffer.from('\r\n\r\n')

/**
 * Reads one HTTP/1.1 response out of the pieces a socket yields and copies nothing of its body unless told to: a client
 * that measures a server must cost less than the server.
 */
export class ResponseReader {
  #head: Buffer = Buffer.alloc(0)
  #status = 0
  #body: BodyCounter | undefined
  readonly #keepsBody: boolean
  readonly #kept: Buffer[] = []

  constructor({ keepsBody = false }: { readonly keepsBody?: boolean } = {}) {
    this.#keepsBody = keepsBody
  }

  /** Takes the next piece; the response once it is complete. @throws when it is not HTTP, or goes on after its end. */
  feed(piece: Buffer): CountedResponse | undefined {
    const body = this.#body ?? this.#readHead(piece)
    if (body === undefined) return undefined
    if (body !== this.#body) piece = this.#startBody(body)
    const isComplete = body.feed(piece)
    if (!isComplete) return undefined
    return { status: this.#status, bodyBytes: body.bytes, body: Buffer.concat(this.#kept) }
  }

  #readHead(piece: Buffer): BodyCounter | undefined {
    this.#head = this.#head.length === 0 ? Buffer.from(piece) : Buffer.concat([this.#head, piece])
    const end = this.#head.indexOf(headEnd)
    if (end < 0) return undefined
    const head = this.#head.toString('latin1', 0, end)
    const status = /^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]
    if (status === undefined)
      throw new Error(`not an HTTP/1.1 response: ${JSON.stringify(head.slice(0, 80))}`)
    this.#status = Number(status)
    const keep = this.#keepsBody ? (bytes: Buffer) => this.#kept.push(Buffer.from(bytes)) : undefined
    return new BodyCounter(bodyLengthOf(head, this.#status), keep)
  }

  /** What came after the head in the piece that completed it. */
  #startBody(body: BodyCounter): Buffer {
    this.#body = body
    const rest = this.#head.subarray(this.#head.indexOf(headEnd) + headEnd.length)
    this.#head = Buffer.alloc(0)
    return rest
  }
}

function bodyLengthOf(head: string, status: number): number | 'chunked' {
  if (status === 204 || status === 304) return 0
  if (/^transfer-encoding: *chunked *$/im.test(head)) return 'chunked'
  const length = /^content-length: *(\d+) *$/im.exec(head)?.[1]
  if (length === undefined) throw new Error(`a ${status} response that does not say where it ends`)
  return Number(length)
}
