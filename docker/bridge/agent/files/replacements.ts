import { basename, dirname } from 'node:path'

/** One writer after the other can get in between; a name that is missing this often in a row is missing. */
const maxLooks = 5

/**
 * The renames over existing files that are under way in this process.
 *
 * Over NFS a file that is replaced while this machine has it open is not simply replaced: the kernel first renames the old file
 * aside (`.nfs…`), then the new one into place. In between the name is gone, for everybody. Readers that come through here wait for that
 * moment to pass instead of reporting a file as missing that never was.
 */
export class Replacements {
  readonly #underWay = new Map<string, Promise<unknown>>()
  readonly #watchers = new Set<(location: string) => void>()

  /** Calls `rename`, which replaces what is at `location`. */
  async run(location: string, rename: () => Promise<void>): Promise<void> {
    const previous = this.#underWay.get(location)
    const renaming = (previous ?? Promise.resolve()).then(rename, rename)
    this.#underWay.set(location, renaming)
    for (const watcher of this.#watchers) watcher(location)
    try {
      await renaming
    } finally {
      if (this.#underWay.get(location) === renaming) this.#underWay.delete(location)
    }
  }

  /** Collects the names in `dir` that are being replaced, or begin to be, until it is disposed. */
  watch(dir: string): Disposable & { readonly names: ReadonlySet<string> } {
    const names = new Set<string>()
    const watcher = (location: string): void => {
      if (dirname(location) === dir) names.add(basename(location))
    }
    for (const location of this.#underWay.keys()) watcher(location)
    this.#watchers.add(watcher)
    return { names, [Symbol.dispose]: () => void this.#watchers.delete(watcher) }
  }

  /** What `look` finds at `location`; it looks again when the name was being replaced while it found nothing. */
  async lookDespite<T>(
    location: string,
    look: () => Promise<T>,
    isNothing: (error: unknown) => boolean,
  ): Promise<T> {
    for (let looks = 1; ; looks++) {
      using replaced = this.watch(dirname(location))
      try {
        return await look()
      } catch (error) {
        if (looks === maxLooks || !isNothing(error) || !replaced.names.has(basename(location))) throw error
        await this.settled(location)
      }
    }
  }

  /** Resolves when no replacement of `location` is under way. */
  async settled(location: string): Promise<void> {
    for (let pending; (pending = this.#underWay.get(location)) !== undefined;) {
      await pending.then(ignore, ignore)
    }
  }
}

function ignore(): void {
  // Only that it is over counts.
}
