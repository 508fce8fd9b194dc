export interface RawResponse {
  readonly status: number
  readonly reason: string
  /** By lower-case name; repeated fields are joined by `, `. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  readonly text: string
}

export interface ParsedResponse {
  readonly response: RawResponse
  readonly bytesTaken: number
}

/** The first response in `bytes` by RFC 9112, or `undefined` while it is not complete. */
export function parseResponse(
  bytes: Buffer,
  { method, ended }: { readonly method: string; readonly ended: boolean },
): ParsedResponse | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd < 0) return undefined
  const [statusLine, ...lines] = bytes.toString('latin1', 0, headEnd).split('\r\n')
  const match = /^HTTP\/1\.[01] (\d{3}) ?(.*)$/.exec(statusLine!)
  if (!match) throw new Error(`not an HTTP status line: ${JSON.stringify(statusLine)}`)
  const headers = parseHeaders(lines)
  const status = Number(match[1])
  const rest = bytes.subarray(headEnd + 4)

  const body = parseBody(rest, { headers, hasNone: method === 'HEAD' || hasNoBody(status), ended })
  if (body === undefined) return undefined
  return {
    response: { status, reason: match[2]!, headers, body: body.content, text: body.content.toString('utf8') },
    bytesTaken: headEnd + 4 + body.bytesTaken,
  }
}

function hasNoBody(status: number): boolean {
  return status < 200 || status === 204 || status === 304
}

function parseHeaders(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon <= 0) throw new Error(`not a header line: ${JSON.stringify(line)}`)
    const name = line.slice(0, colon).toLowerCase()
    const value = line.slice(colon + 1).trim()
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value
  }
  return headers
}

interface ParsedBody {
  readonly content: Buffer
  readonly bytesTaken: number
}

function parseBody(
  bytes: Buffer,
  {
    headers,
    hasNone,
    ended,
  }: { readonly headers: Record<string, string>; readonly hasNone: boolean; readonly ended: boolean },
): ParsedBody | undefined {
  if (hasNone) return { content: Buffer.alloc(0), bytesTaken: 0 }
  if (headers['transfer-encoding'] === 'chunked') return parseChunks(bytes)
  const announced = headers['content-length']
  if (announced === undefined) return ended ? { content: bytes, bytesTaken: bytes.length } : undefined
  const length = Number(announced)
  if (bytes.length < length) return undefined
  return { content: bytes.subarray(0, length), bytesTaken: length }
}

function parseChunks(bytes: Buffer): ParsedBody | undefined {
  const chunks: Buffer[] = []
  let at = 0
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd < 0) return undefined
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    if (Number.isNaN(size)) throw new Error('not a chunk size')
    const start = lineEnd + 2
    if (bytes.length < start + size + 2) return undefined
    at = start + size + 2
    if (size === 0) return { content: Buffer.concat(chunks), bytesTaken: at }
    chunks.push(bytes.subarray(start, start + size))
  }
}
