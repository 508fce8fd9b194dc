import type { ServerResponse } from 'node:http'

/** Header names and values in turn: the form Node writes without copying. */
export type FlatHeaders = readonly string[]

/** Answers without a body. */
export function respondEmpty(response: ServerResponse, status: number, headers: FlatHeaders = []): void {
  response.writeHead(status, [...headers, ...emptyHeaders(status)])
  response.end()
}

/** What tells a client that no body follows; 204 and 304 say so themselves. */
export function emptyHeaders(status: number): FlatHeaders {
  return status === 204 || status === 304 ? [] : ['Content-Length', '0']
}

/** Answers with an XML document that is already whole. */
export function respondXml(
  response: ServerResponse,
  status: number,
  xml: string,
  headers: FlatHeaders = [],
): void {
  const body = Buffer.from(xml)
  response.writeHead(status, [...xmlHeaders(body), ...headers])
  response.end(body)
}

export function xmlHeaders(body: Buffer): FlatHeaders {
  return ['Content-Type', 'application/xml; charset=utf-8', 'Content-Length', String(body.length)]
}

/** Writes one piece and resolves when its memory is free again; rejects when the connection is gone. */
export function writePiece(response: ServerResponse, piece: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    response.write(piece, (error) => {
      if (error) reject(error)
      else resolve()
    })
  })
}
