import { RawConnection } from './raw-connection.ts'
import type { RawResponse } from './raw-response.ts'

/** Header fields exactly as they go out; an array where order or repetition matters. */
export type RawHeaders = Readonly<Record<string, string>> | readonly (readonly [string, string])[]

export interface RawRequest {
  readonly method: string
  /** The request target, byte for byte (latin1). */
  readonly target: string
  readonly headers?: RawHeaders
  readonly body?: string | Uint8Array
  readonly port: number
  readonly address?: string
  /** Given up, with an error, after this long. */
  readonly limitMs?: number
}

/**
 * One request on a connection of its own. `Host`, `Content-Length` (where there is a body) and `Connection: close` are
 * added unless `headers` has them. @throws when the server closes without an answer.
 */
export async function request(options: RawRequest): Promise<RawResponse> {
  const answer = await tryRequest(options)
  if (answer === undefined) throw new Error(`${options.method} ${options.target}: closed without an answer`)
  return answer
}

/** As `request`, but a close without an answer is `undefined`: for requests that no server need understand. */
export async function tryRequest(options: RawRequest): Promise<RawResponse | undefined> {
  const { port, address = '127.0.0.1', method, body, limitMs = 20_000 } = options
  using connection = await RawConnection.open({ port, address })
  await connection.write(requestHead(options))
  // Not awaited: a server may answer before it has taken the body, and then close.
  if (body !== undefined) void connection.write(typeof body === 'string' ? Buffer.from(body) : body)
  for (;;) {
    const answer = await connection.response({ method, limitMs })
    if (answer === undefined || answer.status >= 200) return answer
  }
}

/** The bytes up to and with the empty line. */
export function requestHead({ method, target, headers = {}, body, port }: RawRequest): string {
  const given: readonly (readonly [string, string])[] = Array.isArray(headers)
    ? (headers as readonly (readonly [string, string])[])
    : Object.entries(headers as Readonly<Record<string, string>>)
  const has = (name: string) => given.some(([key]) => key.toLowerCase() === name)
  const added: [string, string][] = []
  if (!has('host')) added.push(['Host', `127.0.0.1:${port}`])
  if (body !== undefined && !has('content-length') && !has('transfer-encoding')) {
    added.push(['Content-Length', String(Buffer.byteLength(body))])
  }
  if (!has('connection')) added.push(['Connection', 'close'])
  const lines = [...added, ...given].map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`
}

export interface DavRequest {
  readonly headers?: RawHeaders
  readonly body?: string | Uint8Array
  readonly limitMs?: number
}

/** Sends `method` for `path`, which is below the drive's root and goes out as it is: percent-encode it yourself. */
export type Dav = (method: string, path: string, options?: DavRequest) => Promise<RawResponse>

export function davClient(front: { readonly port: number; readonly basePath: string }): Dav {
  return (method, path, options = {}) =>
    request({ method, target: front.basePath + path, port: front.port, ...options })
}
