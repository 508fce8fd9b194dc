import { isFinderName } from '../../../../../src-main/front/vfs/finder/finder-names.ts'

/** A path's content: text for a file, `null` for a directory. */
type Content = string | null

/**
 * What a client should see of a drive, as simply as it can be said: one map from path to content, where `._x` follows `x`.
 * Every mutation says whether it is allowed, and changes nothing when it is not. Paths are in composed form.
 */
export class PlainTree {
  readonly #nodes = new Map<string, Content>([['/', null]])

  has(path: string): boolean {
    return this.#nodes.has(path)
  }

  isDirectory(path: string): boolean {
    return this.#nodes.get(path) === null
  }

  /** All but the root. */
  paths(): string[] {
    return [...this.#nodes.keys()].slice(1)
  }

  /** All but the root. */
  snapshot(): Record<string, Content> {
    return Object.fromEntries([...this.#nodes].filter(([path]) => path !== '/'))
  }

  write(path: string, text: string): boolean {
    if (this.isDirectory(path) || !this.isDirectory(above(path))) return false
    this.#nodes.set(path, text)
    return true
  }

  mkdir(path: string): boolean {
    if (this.has(path) || !this.isDirectory(above(path))) return false
    this.#nodes.set(path, null)
    return true
  }

  remove(path: string): boolean {
    if (!this.has(path)) return false
    this.#removeTree(path)
    this.#removeTree(this.#companion(path, path))
    return true
  }

  move(from: string, to: string, overwrite: boolean): boolean {
    if (from === to) return this.has(from) && (overwrite || !isFinderPath(from))
    if (!this.#mayPlace(from, to, overwrite)) return false
    this.#place(from, to)
    this.#removeTree(this.#companion(from, to))
    this.#removeTree(from)
    return true
  }

  copy(from: string, to: string, overwrite: boolean): boolean {
    if (from === to || !this.#mayPlace(from, to, overwrite)) return false
    this.#place(from, to)
    return true
  }

  #mayPlace(from: string, to: string, overwrite: boolean): boolean {
    if (`${from}/`.startsWith(`${to}/`) || `${to}/`.startsWith(`${from}/`)) return false
    return this.has(from) && this.isDirectory(above(to)) && (overwrite || !this.has(to))
  }

  #place(from: string, to: string): void {
    if (this.has(to)) this.#removeTree(this.#companion(to, from))
    this.#removeTree(to)
    this.#copyTree(from, to)
    const source = this.#companion(from, to)
    const target = companionPath(to)
    if (source !== undefined && target !== undefined && !this.isDirectory(target))
      this.#copyTree(source, target)
  }

  /** The attributes of `path`, where there are some and they are not themselves `other`. */
  #companion(path: string, other: string): string | undefined {
    const found = companionPath(path)
    return found !== undefined && found !== other && typeof this.#nodes.get(found) === 'string'
      ? found
      : undefined
  }

  #copyTree(from: string, to: string): void {
    for (const [path, content] of [...this.#nodes]) {
      if (path === from || path.startsWith(`${from}/`)) this.#nodes.set(to + path.slice(from.length), content)
    }
  }

  #removeTree(path: string | undefined): void {
    if (path === undefined) return
    for (const found of [...this.#nodes.keys()]) {
      if (found === path || found.startsWith(`${path}/`)) this.#nodes.delete(found)
    }
  }
}

function above(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')))
}

export function isFinderPath(path: string): boolean {
  return path.split('/').some(isFinderName)
}

function companionPath(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return isFinderName(name) ? undefined : `${above(path)}/._${name}`.replace('//', '/')
}
