import { LRUCache } from 'lru-cache'

import { HttpRefusal } from '../refusal.ts'
import { davChild, isDav, readXml } from '../xml/read-xml.ts'

export interface PropertyName {
  readonly namespace: string
  readonly name: string
}

/** What a PROPFIND asks for (RFC 4918 §9.1). `key` is equal for equal requests, so that answers can be kept under it. */
export type PropertyRequest = { readonly key: string } & (
  | { readonly kind: 'all'; readonly include: readonly PropertyName[] }
  | { readonly kind: 'names' }
  | { readonly kind: 'these'; readonly properties: readonly PropertyName[] }
)

/** More than this many different properties per file is an attack on the server's time, not a question. */
const maxProperties = 256

const askForAll: PropertyRequest = { kind: 'all', include: [], key: 'all' }

/** Reads PROPFIND bodies; a client repeats the same few all day, so the last ones are remembered. */
export class PropertyRequestReader {
  readonly #recent = new LRUCache<string, PropertyRequest>({ max: 32 })

  /** @throws HttpRefusal 400 when `body` is not a PROPFIND request, 413 when it names more than 256 properties. */
  read(body: string): PropertyRequest {
    if (body === '') return askForAll
    const known = this.#recent.get(body)
    if (known !== undefined) return known
    const request = parse(body)
    if (body.length <= 4096) this.#recent.set(body, request)
    return request
  }
}

function parse(body: string): PropertyRequest {
  const root = readXml(body)
  if (!isDav(root, 'propfind')) throw new HttpRefusal(400)
  const kinds = root.children.filter((child) =>
    ['prop', 'allprop', 'propname'].some((name) => isDav(child, name)),
  )
  const [kind] = kinds
  if (kind === undefined || kinds.length > 1) throw new HttpRefusal(400)
  if (isDav(kind, 'propname')) return { kind: 'names', key: 'names' }
  const properties = distinct((isDav(kind, 'prop') ? kind : davChild(root, 'include'))?.children ?? [])
  const key = JSON.stringify(properties.map(({ namespace, name }) => [namespace, name]))
  return isDav(kind, 'prop')
    ? { kind: 'these', properties, key }
    : { kind: 'all', include: properties, key: `all ${key}` }
}

function distinct(elements: readonly PropertyName[]): readonly PropertyName[] {
  const byKey = new Map<string, PropertyName>()
  for (const { namespace, name } of elements) {
    byKey.set(`${namespace} ${name}`, { namespace, name })
    if (byKey.size > maxProperties) throw new HttpRefusal(413)
  }
  return [...byKey.values()]
}
