import type { DeadProperty } from '../../vfs/vfs.ts'
import { escapeXml } from '../xml/escape.ts'
import type { Manner } from '../manner.ts'
import { liveProperties, type LiveSource } from './live-properties.ts'
import type { PropertyName, PropertyRequest } from './property-request.ts'

export const multistatusStart = '<?xml version="1.0" encoding="utf-8"?>\n<multistatus xmlns="DAV:">'
export const multistatusEnd = '</multistatus>'

/** A file or directory with all that a `response` element may need of it. */
export interface ResponseSource extends LiveSource {
  /** Percent-encoded; ends with `/` for a directory. */
  readonly href: string
  readonly dead: readonly DeadProperty[]
}

/** Renders one `response` element of a 207 answer. */
export type RenderResponse = (source: ResponseSource) => string

/** The renderer for one request, with everything decided beforehand that does not depend on the file. */
export function responseRenderer(request: PropertyRequest, manner: Manner): RenderResponse {
  if (manner === 'macos') return macosRenderer(request)
  switch (request.kind) {
    case 'names':
      return (source) => response(source.href, propstat(existingNames(source), '200 OK'))
    case 'all':
      return (source) => {
        const included = request.include.filter((property) => !inAllprop(property))
        const { found, missing } = pick(included, source)
        const live = [...liveProperties.values()].map((property) =>
          property.inAllprop ? property.render(source) : '',
        )
        const dead = source.dead.map(({ xml }) => xml)
        return response(
          source.href,
          propstat([...live, ...dead, ...found].join(''), '200 OK') + notFound(missing),
        )
      }
    case 'these':
      return (source) => {
        const { found, missing } = pick(request.properties, source)
        const ok = found.length > 0 || missing.length === 0 ? propstat(found.join(''), '200 OK') : ''
        return response(source.href, ok + notFound(missing))
      }
  }
}

/**
 * macOS's parser looks at local element names alone: `propstat`, `prop` and `status` mean nothing to it, "file" is
 * the absence of `collection`, and its cost grows with the square of the listing. So it gets what it asked for and nothing else.
 * Quota is left out altogether: since macOS 15.4 a server that answers it makes the mount hang for 90 seconds.
 */
function macosRenderer(request: PropertyRequest): RenderResponse {
  const wanted =
    request.kind === 'these'
      ? request.properties
      : [...liveProperties.keys()].map((name) => ({ namespace: 'DAV:', name }))
  const renderers = wanted
    .filter(
      ({ namespace, name }) => namespace === 'DAV:' && !name.startsWith('quota') && name !== 'resourcetype',
    )
    .flatMap(({ name }) => liveProperties.get(name)?.render ?? [])
  const wantsType = wanted.some(({ namespace, name }) => namespace === 'DAV:' && name === 'resourcetype')
  return (source) => {
    let properties = ''
    for (const render of renderers) properties += render(source) ?? ''
    if (wantsType && source.node.kind === 'directory')
      properties += '<resourcetype><collection/></resourcetype>'
    return response(source.href, properties)
  }
}

/** One `propstat` element around property elements. */
export function propstat(properties: string, status: string): string {
  return `<propstat><prop>${properties}</prop><status>HTTP/1.1 ${status}</status></propstat>`
}

/** One `response` element around its propstats. */
export function response(href: string, content: string): string {
  return `<response><href>${href}</href>${content}</response>`
}

/** An empty element of any namespace. */
export function emptyElement({ namespace, name }: PropertyName): string {
  return namespace === 'DAV:' ? `<${name}/>` : `<${name} xmlns="${escapeXml(namespace)}"/>`
}

function pick(
  properties: readonly PropertyName[],
  source: ResponseSource,
): { readonly found: readonly string[]; readonly missing: readonly PropertyName[] } {
  const found: string[] = []
  const missing: PropertyName[] = []
  for (const property of properties) {
    const xml = valueOf(property, source)
    if (xml === undefined) missing.push(property)
    else found.push(xml)
  }
  return { found, missing }
}

function valueOf({ namespace, name }: PropertyName, source: ResponseSource): string | undefined {
  const live = namespace === 'DAV:' ? liveProperties.get(name) : undefined
  if (live !== undefined) return live.render(source)
  return source.dead.find((dead) => dead.name === name && dead.namespace === namespace)?.xml
}

function inAllprop({ namespace, name }: PropertyName): boolean {
  return namespace === 'DAV:' && liveProperties.get(name)?.inAllprop === true
}

function notFound(missing: readonly PropertyName[]): string {
  return missing.length === 0 ? '' : propstat(missing.map(emptyElement).join(''), '404 Not Found')
}

function existingNames(source: ResponseSource): string {
  const live = [...liveProperties]
    .filter(([, property]) => property.render(source) !== undefined)
    .map(([name]) => emptyElement({ namespace: 'DAV:', name }))
  return [...live, ...source.dead.map(emptyElement)].join('')
}
