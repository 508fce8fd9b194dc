import { expect } from 'vitest'

import type { Directory, Node } from '../../../../../src-main/front/vfs/vfs.ts'
import { at, call, type OpenedVfs } from '../../../../harness/open-vfs.ts'

/**
 * Reads a whole drive the way a client does, and holds the front to the promise its caches rest on: a path never shows
 * two contents under one `Last-Modified`, and never goes back in time.
 */
export class StampWatch {
  readonly #contents = new Map<string, string>()
  readonly #latest = new Map<string, number>()

  /** Everything below the root: a file's text, or `null` for a directory. */
  async readAll(opened: OpenedVfs): Promise<Record<string, string | null>> {
    const found: Record<string, string | null> = {}
    await this.#visit(opened, '/', found)
    return found
  }

  async #visit(opened: OpenedVfs, path: string, found: Record<string, string | null>): Promise<void> {
    const directory = await opened.vfs.list(at(path), call)
    this.#check(path, directory.node, namesIn(directory))
    for (const [name, node] of directory.children) {
      const child = path === '/' ? `/${name}` : `${path}/${name}`
      expect(await opened.client.stat(child), child).toEqual(node)
      if (node.kind === 'directory') {
        found[child] = null
        await this.#visit(opened, child, found)
      } else {
        const text = await opened.client.read(child)
        found[child] = text
        this.#check(child, node, text)
      }
    }
  }

  #check(path: string, node: Node, content: string): void {
    const key = `${path} ${node.lastModifiedSec}`
    expect(this.#contents.get(key) ?? content, `${key} showed something else before`).toBe(content)
    this.#contents.set(key, content)
    expect(node.lastModifiedSec, `${path} went back`).toBeGreaterThanOrEqual(this.#latest.get(path) ?? 0)
    this.#latest.set(path, node.lastModifiedSec)
  }
}

function namesIn(directory: Directory): string {
  return [...directory.children.keys()].sort().join('/')
}
