import { constants } from 'node:fs'
import { copyFile, lstat, mkdir, readdir, rename, rm, rmdir, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import type { Clock, Timer } from '../../../lib/clock.ts'
import type { Logger } from '../../../lib/logger.ts'
import type { FileEvent } from './file-events.ts'
import { isWithin } from './paths.ts'

export interface SimulatedBucketDeps {
  readonly sourceDir: string
  /** Made with the first file; nobody else writes to it. */
  readonly bucketDir: string
  readonly quietMs: number
  /** The bucket has at `path` what the source has: a file, or nothing. */
  readonly onExported: (path: string, isThere: boolean) => void
  readonly clock: Clock
  readonly log: Logger
}

/** What is being written; no path of a drive has a component with a NUL, and none begins like this. */
const unfinishedName = '.mountbar-unfinished'

/**
 * A folder that gets the files of a Sandbox as a bucket gets those of an S3 Files file system: each when it has not been written to for the
 * quiet time, a renamed one as a copy under its new name and the removal of the old one. Changes that waited when the app
 * ended are not made up for, and what was in the source before is not there.
 */
export class SimulatedBucket implements Disposable {
  readonly #deps: SimulatedBucketDeps
  /** By path, in the order in which they fall due. */
  readonly #due = new Map<string, number>()
  #timer: Timer | undefined
  #isExporting = false
  #isDisposed = false

  constructor(deps: SimulatedBucketDeps) {
    this.#deps = deps
  }

  hear(event: FileEvent): void {
    switch (event.type) {
      case 'delivered':
      case 'removed':
        this.#changed(event.path)
        break
      case 'moved':
        for (const path of [...this.#due.keys()].filter((each) => isWithin(each, event.from))) {
          this.#changed(event.to + path.slice(event.from.length))
        }
        this.#changed(event.from)
        this.#changed(event.to)
        break
      case 'saved':
      case 'conflict':
      case 'discarded':
      case 'upload-attention':
        break
    }
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true
    this.#timer?.[Symbol.dispose]()
  }

  #changed(path: string): void {
    this.#due.delete(path)
    this.#due.set(path, this.#deps.clock.monotonicMs() + this.#deps.quietMs)
    this.#arm()
  }

  #arm(): void {
    const [first] = this.#due.values()
    if (first === undefined || this.#timer !== undefined || this.#isExporting || this.#isDisposed) return
    const { clock } = this.#deps
    const waitMs = Math.max(0, first - clock.monotonicMs())
    this.#timer = clock.setTimeout(() => void this.#exportDue(), waitMs).unref()
  }

  async #exportDue(): Promise<void> {
    const { clock, log, quietMs } = this.#deps
    this.#timer = undefined
    this.#isExporting = true
    for (const [path, atMs] of this.#due) {
      if (atMs > clock.monotonicMs() || this.#isDisposed) break
      this.#due.delete(path)
      try {
        await this.#export(path)
      } catch (error) {
        log.warn('vitals', 'not exported to the simulated bucket', { path, error })
        // As S3 Files does with a failure that may pass.
        if (!this.#due.has(path)) this.#due.set(path, clock.monotonicMs() + quietMs)
      }
    }
    this.#isExporting = false
    this.#arm()
  }

  async #export(path: string): Promise<void> {
    const there = await lstat(join(this.#deps.sourceDir, path)).catch(() => undefined)
    if (there?.isFile() === true) await this.#put(path)
    else if (there?.isDirectory() === true) await this.#putAll(path)
    else {
      await this.#delete(path)
      this.#deps.onExported(path, false)
    }
  }

  /** Of a folder that was renamed: all that was not written since, which has its own time. */
  async #putAll(path: string): Promise<void> {
    for (const entry of await readdir(join(this.#deps.sourceDir, path), { withFileTypes: true })) {
      const child = path === '/' ? `/${entry.name}` : `${path}/${entry.name}`
      if (entry.isDirectory()) await this.#putAll(child)
      else if (entry.isFile() && !this.#due.has(child)) await this.#put(child)
    }
  }

  async #put(path: string): Promise<void> {
    const { sourceDir, bucketDir, onExported } = this.#deps
    const [from, to, unfinished] = [
      join(sourceDir, path),
      join(bucketDir, path),
      join(bucketDir, unfinishedName),
    ]
    await mkdir(bucketDir, { recursive: true, mode: 0o700 })
    const before = await lstat(from)
    // On a Mac this costs neither time nor room.
    await copyFile(from, unfinished, constants.COPYFILE_FICLONE)
    await utimes(unfinished, before.atimeMs / 1_000, before.mtimeMs / 1_000)
    await this.#makeWay(path)
    await rename(unfinished, to)
    onExported(path, true)
  }

  /** Keys do not know of folders: what was a file may have become one, and the other way round. */
  async #makeWay(path: string): Promise<void> {
    const { bucketDir } = this.#deps
    const folders = path.split('/').slice(1, -1)
    let folder = bucketDir
    for (const name of folders) {
      folder = join(folder, name)
      const there = await lstat(folder).catch(() => undefined)
      if (there?.isDirectory() === false) await rm(folder)
    }
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const to = join(bucketDir, path)
    const there = await lstat(to).catch(() => undefined)
    if (there?.isDirectory() === true) await rm(to, { recursive: true })
  }

  async #delete(path: string): Promise<void> {
    const { bucketDir } = this.#deps
    if (path === '/') return
    const gone = join(bucketDir, path)
    await rm(gone, { recursive: true, force: true })
    // A bucket has no empty folders.
    for (
      let folder = dirname(gone);
      isWithin(folder, bucketDir) && folder !== bucketDir;
      folder = dirname(folder)
    ) {
      const wasEmpty = await rmdir(folder).then(
        () => true,
        () => false,
      )
      if (!wasEmpty) return
    }
  }
}
