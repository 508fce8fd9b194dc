import type { HttpClient, TimedResponse } from '../../lib/http-client.ts'
import { buildHead, type BuiltRequest } from '../../lib/http-client.ts'
import type { RunningServer } from '../peers/peer.ts'

/** What macOS asks for when it lists a folder, in its words; clients by the book ask for much the same. */
const listingBody = Buffer.from(
  '<?xml version="1.0" encoding="utf-8"?>\n' +
    '<D:propfind xmlns:D="DAV:">\n<D:prop>\n' +
    '<D:getlastmodified/>\n<D:getcontentlength/>\n<D:creationdate/>\n<D:resourcetype/>\n' +
    '</D:prop>\n</D:propfind>\n',
)

export function buildListing(server: RunningServer, path: string, userAgent: string): BuiltRequest {
  const head = buildHead({
    method: 'PROPFIND',
    target: `${server.basePath}${path}/`,
    port: server.port,
    headers: {
      'User-Agent': userAgent,
      Accept: '*/*',
      Depth: '1',
      'Content-Type': 'text/xml',
      'Content-Length': String(listingBody.length),
    },
  })
  return { head: Buffer.concat([head, listingBody]) }
}

/** @throws unless the answer is a multistatus. */
export async function list(client: HttpClient, request: BuiltRequest): Promise<TimedResponse> {
  const response = await client.send(request)
  if (response.status !== 207) throw new Error(`PROPFIND answered ${response.status}`)
  return response
}

/** @throws unless the listing has the folder and `entries` children: half a listing is not fast. */
export async function checkListing(
  client: HttpClient,
  request: BuiltRequest,
  entries: number,
): Promise<void> {
  const { status, body } = await client.send(request, { keepsBody: true })
  const listed = body.toString('latin1').match(/<\/(?:\w+:)?response>/g)?.length ?? 0
  if (status !== 207 || listed !== entries + 1) {
    throw new Error(`a folder of ${entries} was answered with ${status} and ${listed} responses`)
  }
}
