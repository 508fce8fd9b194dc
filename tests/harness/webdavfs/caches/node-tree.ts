import { attributesValidMs } from '../limits.ts'
import type { WireAttributes } from '../parser/multistatus.ts'
import { CachedContent } from './cached-content.ts'
import { NegativeNames } from './negative-names.ts'

/** A lock held for an open file. `token` is missing once a refresh has failed (webdavfs-403: N:5254). */
export interface HeldLock {
  token: string | undefined
  readonly stopRefreshing: () => void
}

/** What the client keeps about one file or directory it has met. */
export class VolumeNode {
  /** Exactly as first learnt; it is always sent back that way (webdavfs-403: C:706-714, P:1648). */
  name: string
  parent: VolumeNode | undefined
  kind: WireAttributes['kind']
  #attributes: WireAttributes | undefined
  #attributesAtMs = -Infinity
  /** Of a directory, by name in NFC: names are compared by canonical equivalence (webdavfs-403: C:682). */
  readonly children = new Map<string, VolumeNode>()
  readonly negatives = new NegativeNames()
  /** Of a file. */
  content = new CachedContent()
  lock: HeldLock | undefined
  openCount = 0
  /** When this client created it; a moment later it may still be opened for writing without a GET. */
  createdAtMs = -Infinity
  /** The tail of the line for this directory's vnode lock. */
  #lockTail: Promise<unknown> = Promise.resolve()

  constructor(name: string, parent: VolumeNode | undefined, kind: WireAttributes['kind']) {
    this.name = name
    this.parent = parent
    this.kind = kind
  }

  get attributes(): WireAttributes | undefined {
    return this.#attributes
  }

  remember(attributes: WireAttributes, nowMs: number): void {
    this.#attributes = attributes
    this.#attributesAtMs = nowMs
    this.kind = attributes.kind
  }

  forgetAttributes(): void {
    this.#attributesAtMs = -Infinity
  }

  /** The attributes where they are less than 60 s old (webdavfs-403: CH:136, C:254-268). */
  freshAttributes(nowMs: number): WireAttributes | undefined {
    return nowMs - this.#attributesAtMs < attributesValidMs ? this.#attributes : undefined
  }

  /** Operations in a directory hold its vnode lock for the length of their HTTP call (webdavfs-403: V:1106, 2762, 2989). */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#lockTail.then(work)
    this.#lockTail = result.catch(() => undefined)
    return result
  }
}

/** The nodes of one volume, and how their paths are written. */
export class NodeTree {
  readonly root = new VolumeNode('', undefined, 'directory')

  child(directory: VolumeNode, name: string): VolumeNode | undefined {
    return directory.children.get(name.normalize('NFC'))
  }

  add(directory: VolumeNode, name: string, kind: WireAttributes['kind']): VolumeNode {
    const known = this.child(directory, name)
    if (known !== undefined) return known
    const node = new VolumeNode(name, directory, kind)
    directory.children.set(name.normalize('NFC'), node)
    return node
  }

  remove(node: VolumeNode): void {
    if (node.parent?.children.get(node.name.normalize('NFC')) === node) {
      node.parent.children.delete(node.name.normalize('NFC'))
    }
  }

  move(node: VolumeNode, directory: VolumeNode, name: string): void {
    this.remove(node)
    node.name = name
    node.parent = directory
    directory.children.set(name.normalize('NFC'), node)
  }
}

/** `/a/b` as a program on the Mac would write it; `/` for the root. */
export function displayPath(node: VolumeNode): string {
  return `/${namesOf(node).join('/')}`
}

/** Decoded path below `basePath`, with the slash a directory's URL ends in where `asDirectory`. */
export function wirePath(basePath: string, node: VolumeNode, asDirectory = false): string {
  const path = basePath + namesOf(node).map(escapeName).join('/')
  return asDirectory && !path.endsWith('/') ? `${path}/` : path
}

/**
 * Percent-escapes a name as CFURL does with `:` `;` `?` added (webdavfs-403: N:868-905): `+ & = , ( ) ' ! * @ $` stay raw, all that is not
 * ASCII goes out as UTF-8 in the Unicode form it came in.
 */
export function escapeName(name: string): string {
  return encodeURIComponent(name).replace(/%(26|3D|2C|40|24|2B)/g, (escape) => decodeURIComponent(escape))
}

function namesOf(node: VolumeNode): string[] {
  return node.parent === undefined ? [] : [...namesOf(node.parent), node.name]
}
