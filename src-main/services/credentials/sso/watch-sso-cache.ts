import { readdirSync, statSync, watch, type FSWatcher } from 'node:fs'
import { dirname, join } from 'node:path'

import type { Clock } from '../../../lib/clock.ts'

/** For what the system does not tell: before AWS's folder is there, or on a disk that has no such news. */
const everyMs = 30_000

/** Folders that come and go while a watch is made for one of them; whoever loses that race is told by the timer. */
const mostWatchesInARow = 3

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
    if (seen.nearest === undefined) return
    try {
      watcher = watch(seen.nearest.dir, { persistent: false })
      watcher.on('change', look)
      watcher.on('error', deafen)
      watchedId = seen.nearest.id
    } catch {
      // It is gone again, or the system has no watch left: the timer goes on.
    }
  }
  const look = (): void => {
    const before = seen
    seen = readCache(cacheDir)
    for (let tries = 0; seen.nearest?.id !== watchedId && tries < mostWatchesInARow; tries += 1) {
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
  /** The cache's folder, or where it is not there the one in which it, or its parent, will be made. */
  readonly nearest: { readonly dir: string; readonly id: string } | undefined
  /** The same text for as long as no file has changed. */
  readonly files: string
}

/** Synchronous, because nothing may happen between a look and what is made of it; a cache has a handful of files. */
function readCache(cacheDir: string): CacheFacts {
  return { nearest: nearestFolder(cacheDir), files: readFiles(cacheDir) }
}

/** Not above `~/.aws`: a home folder has news all the time. */
function nearestFolder(cacheDir: string): CacheFacts['nearest'] {
  const ssoDir = dirname(cacheDir)
  for (const dir of [cacheDir, ssoDir, dirname(ssoDir)]) {
    try {
      const { ino, birthtimeNs } = statSync(dir, { bigint: true })
      return { dir, id: `${ino} ${birthtimeNs}` }
    } catch {
      // Not there, or out of sight: the one above it may be watched.
    }
  }
  return undefined
}

function readFiles(cacheDir: string): string {
  try {
    // Our own writes have other names until they are whole.
    const names = readdirSync(cacheDir).filter((name) => name.endsWith('.json'))
    return names
      .toSorted()
      .flatMap((name) => describeFile(cacheDir, name))
      .join('\n')
  } catch {
    // There is none yet, or none that may be read.
    return ''
  }
}

function describeFile(dir: string, name: string): readonly string[] {
  const stats = statSync(join(dir, name), { bigint: true, throwIfNoEntry: false })
  return stats === undefined ? [] : [`${name} ${stats.ino} ${stats.size} ${stats.mtimeNs}`]
}
