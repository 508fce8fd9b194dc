import mime from 'mime/lite'

import { etagOf, type Node } from '../../vfs/vfs.ts'
import type { SpaceInfo } from '../../vfs/backend.ts'
import { httpDate, isoDate } from '../dates.ts'
import { activeLockXml, supportedLockXml } from '../locks/lock-xml.ts'
import type { Lock } from '../locks/lock-manager.ts'
import { escapeXml } from '../xml/escape.ts'

/** What a live property is computed from. */
export interface LiveSource {
  readonly node: Node
  readonly name: string
  /** Only where `lockdiscovery` was asked for. */
  readonly locks?: readonly Lock[] | undefined
  /** Only where a quota property was asked for. */
  readonly space?: SpaceInfo | undefined
}

/** The whole element with its value, in the default namespace `DAV:`; undefined where this node has no such property. */
type Render = (source: LiveSource) => string | undefined

interface LiveProperty {
  /** Given with `allprop`. RFC 4331 keeps quota out of it, because it costs; lock discovery is only of use when asked for. */
  readonly inAllprop: boolean
  readonly render: Render
}

/** The properties in `DAV:` that the server computes; clients may not set them. */
export const liveProperties: ReadonlyMap<string, LiveProperty> = new Map<string, LiveProperty>([
  ['creationdate', always(({ node }) => element('creationdate', isoDate(node.createdMs)))],
  ['getlastmodified', always(({ node }) => element('getlastmodified', httpDate(node.lastModifiedSec)))],
  [
    'getcontentlength',
    always(({ node }) => file(node, () => element('getcontentlength', String(node.size)))),
  ],
  [
    'getcontenttype',
    always(({ node, name }) => file(node, () => element('getcontenttype', contentTypeOf(name)))),
  ],
  ['getetag', always(({ node }) => file(node, () => element('getetag', escapeXml(etagOf(node)))))],
  [
    'resourcetype',
    always(({ node }) =>
      node.kind === 'directory' ? '<resourcetype><collection/></resourcetype>' : '<resourcetype/>',
    ),
  ],
  ['supportedlock', onRequest(() => supportedLockXml)],
  [
    'lockdiscovery',
    onRequest(({ locks = [] }) => `<lockdiscovery>${locks.map(activeLockXml).join('')}</lockdiscovery>`),
  ],
  [
    'quota-available-bytes',
    onRequest(({ node, space }) => quota(node, space, 'quota-available-bytes', (known) => known.freeBytes)),
  ],
  [
    'quota-used-bytes',
    onRequest(({ node, space }) =>
      quota(node, space, 'quota-used-bytes', (known) => known.totalBytes - known.freeBytes),
    ),
  ],
])

/** Names that read the space of the whole drive. */
export const quotaProperties: ReadonlySet<string> = new Set(['quota-available-bytes', 'quota-used-bytes'])

/** The media type by the name's extension. */
export function contentTypeOf(name: string): string {
  return mime.getType(name) ?? 'application/octet-stream'
}

function always(render: Render): LiveProperty {
  return { inAllprop: true, render }
}

function onRequest(render: Render): LiveProperty {
  return { inAllprop: false, render }
}

function element(name: string, text: string): string {
  return `<${name}>${text}</${name}>`
}

function file(node: Node, render: () => string): string | undefined {
  return node.kind === 'file' ? render() : undefined
}

function quota(
  node: Node,
  space: SpaceInfo | undefined,
  name: string,
  bytes: (space: SpaceInfo) => number,
): string | undefined {
  return node.kind === 'directory' && space !== undefined ? element(name, String(bytes(space))) : undefined
}
