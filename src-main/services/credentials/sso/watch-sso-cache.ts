import { watch, type FSWatcher } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

import type { Clock } from '../../../lib/clock.ts'

/** For what the system does not tell: a folder that is not there yet, or one on a disk that has no such news. */
const everyMs = 30_000

/**
 * Calls `onChange` when a file of the cache has come, gone or changed, by whatever program: at once where the system tells, otherwise within
 * half a minute. A half-written file counts, and again when it is whole. Never throws; keeps no process alive. Dispose it to end that.
 */
export function watchSsoCache(cacheDir: string, clock: Clock, onChange: () => void): Disposable {
  return new CacheWatch(cacheDir, clock, onChange)
}

class CacheWatch implements Disposable {
  readonly #cacheDir: string
  readonly #clock: Clock
  readonly #onChange: () => void
  #timer: Disposable
  #watcher: FSWatcher | undefined
  /** Which folder the watcher is for: a watch stays with its folder, also when another one takes that one's name. */
  #watchedId: string | undefined
  /** What was there at the last look; nothing before the first. */
  #seen: string | undefined
  #wasTold = false
  #isLooking = false
  #isStale = false
  #isOver = false

  constructor(cacheDir: string, clock: Clock, onChange: () => void) {
    this.#cacheDir = cacheDir
    this.#clock = clock
    this.#onChange = onChange
    this.#timer = this.#startTimer()
    this.#listen()
    void this.#look()
  }

  [Symbol.dispose](): void {
    this.#isOver = true
    this.#timer[Symbol.dispose]()
    this.#watcher?.close()
  }

  #startTimer(): Disposable {
    const look = (): void => {
      this.#timer = this.#startTimer()
      void this.#look()
    }
    return this.#clock.setTimeout(look, everyMs).unref()
  }

  /** @returns whether the system will tell. */
  #listen(): boolean {
    this.#watcher?.close()
    this.#watcher = undefined
    try {
      const watcher = watch(this.#cacheDir, { persistent: false })
      watcher.on('change', () => {
        this.#wasTold = true
        void this.#look()
      })
      watcher.on('error', () => watcher.close())
      this.#watcher = watcher
      return true
    } catch {
      // It is not there yet, or the system has no watch left: the timer goes on.
      return false
    }
  }

  /** Never rejects. Looks again where something happened meanwhile. */
  async #look(): Promise<void> {
    this.#isStale = true
    if (this.#isLooking) return
    this.#isLooking = true
    while (this.#isStale && !this.#isOver) {
      this.#isStale = false
      const { folderId, files } = await readCache(this.#cacheDir)
      if (this.#isOver) return
      if (folderId !== this.#watchedId) {
        // What came before the new watch was there is found by one more look.
        this.#isStale = this.#listen()
        this.#watchedId = this.#watcher === undefined ? undefined : folderId
      }
      const isNews = this.#seen === undefined ? this.#wasTold : this.#seen !== files
      this.#seen = files
      if (isNews) this.#onChange()
    }
    this.#isLooking = false
  }
}

interface CacheFacts {
  /** `undefined` where there is no folder, or none that may be read. */
  readonly folderId: string | undefined
  /** The same text for as long as no file has changed. */
  readonly files: string
}

async function readCache(cacheDir: string): Promise<CacheFacts> {
  try {
    const { ino, birthtimeNs } = await stat(cacheDir, { bigint: true })
    // Our own writes have other names until they are whole.
    const names = (await readdir(cacheDir)).filter((name) => name.endsWith('.json')).toSorted()
    const files = await Promise.all(names.map((name) => describeFile(cacheDir, name)))
    return { folderId: `${ino} ${birthtimeNs}`, files: files.join('\n') }
  } catch {
    return { folderId: undefined, files: '' }
  }
}

async function describeFile(dir: string, name: string): Promise<string> {
  try {
    const { ino, size, mtimeNs } = await stat(join(dir, name), { bigint: true })
    return `${name} ${ino} ${size} ${mtimeNs}`
  } catch {
    // Gone between the two looks.
    return ''
  }
}
