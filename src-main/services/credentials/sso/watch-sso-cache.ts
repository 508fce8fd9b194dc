import { readdirSync, statSync, watch, type FSWatcher } from 'node:fs'
import { join } from 'node:path'

import type { Clock } from '../../../lib/clock.ts'

/** For what the system does not tell: a folder that is not there yet, or one on a disk that has no such news. */
const everyMs = 30_000

/**
 * Calls `onChange` when a file of the cache has come, gone or changed, by whatever program: at once where the system tells, otherwise within
 * half a minute. A half-written file counts, and again when it is whole. Never throws; keeps no process alive. Dispose it to end that.
 */
export function watchSsoCache(cacheDir: string, clock: Clock, onChange: () => void): Disposable {
  let watcher: FSWatcher | undefined
  // A watch stays with its folder, also when another one takes that one's name.
  let watchedId: string | undefined
  let seen = readCache(cacheDir)

  const deafen = (): void => {
    watcher?.close()
    watcher = undefined
    watchedId = undefined
  }
  const listen = (): void => {
    deafen()
    try {
      watcher = watch(cacheDir, { persistent: false })
      watcher.on('change', look)
      watcher.on('error', deafen)
      watchedId = seen.folderId
    } catch {
      // It is not there yet, or the system has no watch left: the timer goes on.
    }
  }
  const look = (): void => {
    const before = seen
    seen = readCache(cacheDir)
    if (seen.folderId !== watchedId) {
      listen()
      // With what came before the new watch was there.
      seen = readCache(cacheDir)
    }
    if (seen.files !== before.files) onChange()
  }
  const lookAgain = (): void => {
    timer = clock.setTimeout(lookAgain, everyMs).unref()
    look()
  }
  let timer: Disposable = clock.setTimeout(lookAgain, everyMs).unref()
  listen()
  return {
    [Symbol.dispose]: () => {
      timer[Symbol.dispose]()
      deafen()
    },
  }
}

interface CacheFacts {
  /** `undefined` where there is no folder, or none that may be read. */
  readonly folderId: string | undefined
  /** The same text for as long as no file has changed. */
  readonly files: string
}

/** Synchronous, because nothing may happen between a look and what is made of it; a cache has a handful of files. */
function readCache(cacheDir: string): CacheFacts {
  try {
    const { ino, birthtimeNs } = statSync(cacheDir, { bigint: true })
    // Our own writes have other names until they are whole.
    const names = readdirSync(cacheDir).filter((name) => name.endsWith('.json'))
    const files = names.toSorted().flatMap((name) => describeFile(cacheDir, name))
    return { folderId: `${ino} ${birthtimeNs}`, files: files.join('\n') }
  } catch {
    return { folderId: undefined, files: '' }
  }
}

function describeFile(dir: string, name: string): readonly string[] {
  const stats = statSync(join(dir, name), { bigint: true, throwIfNoEntry: false })
  return stats === undefined ? [] : [`${name} ${stats.ino} ${stats.size} ${stats.mtimeNs}`]
}
