import type { DavAgent, Reply } from '../transport/dav-agent.ts'
import { checkStatus, parsed } from './check-reply.ts'

type Property = string | { readonly name: string; readonly namespace: string }

/** Asked of every file and directory (webdavfs-403: N:2595-2604). */
export const nodeProperties: readonly Property[] = [
  'getlastmodified',
  'getcontentlength',
  'creationdate',
  'resourcetype',
]
/** Asked in listings on top of those (webdavfs-403: N:5506-5526, V:3645). */
export const listingProperties: readonly Property[] = [
  ...nodeProperties,
  { name: 'appledoubleheader', namespace: 'http://www.apple.com/webdav_fs/props/' },
]
/** Asked at mount, unless `-S` (webdavfs-403: N:3662-3671). */
export const quotaProperties: readonly Property[] = [
  'quota-available-bytes',
  'quota-used-bytes',
  'quota',
  'quotaused',
]
/** Asked before a directory is removed or replaced (webdavfs-403: N:2650-2702). */
export const childrenProperties: readonly Property[] = ['resourcetype']
/** Asked after a PUT whose reply had neither (webdavfs-403: N:4650-4702). */
export const modifiedProperties: readonly Property[] = ['getlastmodified', 'getetag']

export interface Propfind {
  /** Escaped; a look-up has no trailing slash, even for a directory (webdavfs-403: N:718-754). */
  readonly path: string
  readonly depth: 0 | 1
  readonly properties: readonly Property[]
}

/** Sends a PROPFIND and parses its answer. @throws VolumeError by status, or EIO for what is not XML. */
export async function propfind<T>(
  agent: DavAgent,
  request: Propfind,
  thread: string,
  parse: (document: string) => T,
): Promise<T> {
  const reply = await sendPropfind(agent, request, thread)
  const what = `PROPFIND ${request.path}`
  checkStatus(reply.status, what)
  return parsed(reply, what, parse)
}

/** The bare exchange, for whoever looks at the status himself. */
export function sendPropfind(agent: DavAgent, request: Propfind, thread: string): Promise<Reply> {
  return agent.transact(
    {
      method: 'PROPFIND',
      path: request.path,
      headers: { 'Content-Type': 'text/xml', Depth: String(request.depth) },
      body: propfindBody(request.properties),
    },
    thread,
  )
}

function propfindBody(properties: readonly Property[]): string {
  const elements = properties.map((property) =>
    typeof property === 'string'
      ? `<D:${property}/>\n`
      : `<A:${property.name} xmlns:A="${property.namespace}"/>\n`,
  )
  return `<?xml version="1.0" encoding="utf-8"?>\n<D:propfind xmlns:D="DAV:">\n<D:prop>\n${elements.join('')}</D:prop>\n</D:propfind>\n`
}
