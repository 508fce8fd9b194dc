import type { PropertyChange } from '../../vfs/vfs.ts'
import { readTextBody } from '../body/xml-body.ts'
import { checkLocks } from '../conditions/lock-conditions.ts'
import type { Dav, Exchange } from '../exchange.ts'
import { liveProperties } from '../properties/live-properties.ts'
import type { PropertyName } from '../properties/property-request.ts'
import {
  emptyElement,
  multistatusEnd,
  multistatusStart,
  propstat,
  response,
} from '../properties/response-renderer.ts'
import { HttpRefusal } from '../refusal.ts'
import { respondXml } from '../respond.ts'
import { davChild, isDav, readXml, type XmlElement } from '../xml/read-xml.ts'

/** PROPPATCH (RFC 4918 §9.2): all changes in the order given, or none of them. */
export async function proppatch(exchange: Exchange, dav: Dav): Promise<void> {
  const { target } = exchange
  const changes = readChanges(await readTextBody(exchange))
  await checkLocks(exchange, dav, [{ path: target.path, tree: false, membership: false }])
  const node = await dav.vfs.stat(target.path, exchange.call)
  const refused = changes.filter((change) => isProtected(nameOfChange(change)))
  if (refused.length === 0) dav.vfs.properties.change(target.path, changes)

  const href = node.kind === 'directory' ? `${target.href}/` : target.href
  const body = refused.length === 0 ? propstat(names(changes), '200 OK') : refusal(changes, refused)
  respondXml(exchange.response, 207, multistatusStart + response(href, body) + multistatusEnd)
}

/** @throws HttpRefusal 400 when `body` is not a `propertyupdate` with at least one change. */
function readChanges(body: string): readonly PropertyChange[] {
  const root = readXml(body)
  if (!isDav(root, 'propertyupdate')) throw new HttpRefusal(400)
  const changes = root.children.flatMap(changesOf)
  if (changes.length === 0) throw new HttpRefusal(400)
  return changes
}

function changesOf(instruction: XmlElement): readonly PropertyChange[] {
  const isSet = isDav(instruction, 'set')
  if (!isSet && !isDav(instruction, 'remove')) return []
  return (davChild(instruction, 'prop')?.children ?? []).map(({ namespace, name, xml }) =>
    isSet ? { kind: 'set', property: { namespace, name, xml } } : { kind: 'remove', namespace, name },
  )
}

function isProtected({ namespace, name }: PropertyName): boolean {
  return namespace === 'DAV:' && liveProperties.has(name)
}

function nameOfChange(change: PropertyChange): PropertyName {
  return change.kind === 'set' ? change.property : change
}

function names(changes: readonly PropertyChange[]): string {
  return changes.map((change) => emptyElement(nameOfChange(change))).join('')
}

function refusal(changes: readonly PropertyChange[], refused: readonly PropertyChange[]): string {
  const others = changes.filter((change) => !refused.includes(change))
  const cause = '<error><cannot-modify-protected-property/></error>'
  const forbidden = propstat(names(refused), '403 Forbidden').replace('</propstat>', `${cause}</propstat>`)
  return forbidden + (others.length === 0 ? '' : propstat(names(others), '424 Failed Dependency'))
}
