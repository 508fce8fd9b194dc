import { createEmitter } from '../../../lib/event.ts'
import type { RecentFile } from '../../../shared/app/snapshot.ts'
import type { FileEvent } from './file-events.ts'
import { isDelivered, type DeliveredFile, type FileOnItsWay } from './file-on-its-way.ts'
import { isWithin } from './paths.ts'

/** Beyond this, files are not followed: they arrive unseen. */
const maxFiles = 20_000
/** Another client may have removed or replaced it: what has not shown up by then never will. */
const forgetAfterMs = 24 * 3_600_000

export type RecentFact = Omit<RecentFile, 'driveId'>

/**
 * The files of one drive that are saved and not seen in S3 yet. In memory only: after a restart of the app, files that were
 * delivered before it are not followed, and those that were not are from their delivery on.
 */
export class FilesOnTheirWay {
  readonly recent = createEmitter<RecentFact>()
  readonly #files = new Map<string, FileOnItsWay>()
  #lastLagMs: number | undefined

  /** From the last write to the object, of the file that arrived last. */
  get lastLagMs(): number | undefined {
    return this.#lastLagMs
  }

  get count(): number {
    return this.#files.size
  }

  oldestMs(nowMs: number): number {
    let savedMs = nowMs
    for (const file of this.#files.values()) savedMs = Math.min(savedMs, file.savedMs)
    return nowMs - savedMs
  }

  delivered(): DeliveredFile[] {
    return [...this.#files.values()].filter(isDelivered)
  }

  at(path: string): FileOnItsWay | undefined {
    return this.#files.get(path)
  }

  /** Whether `file` is still what is awaited at its path. */
  has(file: FileOnItsWay): boolean {
    return this.#files.get(file.path) === file
  }

  /** @returns whether anything has changed. */
  hear(event: FileEvent, nowMs: number): boolean {
    switch (event.type) {
      case 'saved': {
        const { id, path, size, atMs } = event
        this.#put({ path, uploadId: id, size, savedMs: atMs, deliveredMs: undefined })
        this.recent.fire({ path, atMs, what: 'saved', detail: undefined })
        return true
      }
      case 'delivered': {
        const { id, path, size, savedMs, atMs } = event
        const isNewest = (this.#files.get(path)?.uploadId ?? id) <= id
        if (isNewest) this.#put({ path, uploadId: id, size, savedMs, deliveredMs: atMs })
        this.recent.fire({ path, atMs, what: 'delivered', detail: undefined })
        return isNewest
      }
      case 'conflict':
        this.recent.fire({ path: event.path, atMs: nowMs, what: 'conflict', detail: event.keptAs })
        return this.#rename(event.path, event.keptAs)
      case 'moved':
        return this.#move(event.from, event.to)
      case 'removed':
        return this.#dropWithin(event.path)
      // It is shown with what needs attention, and is back here once it is delivered after all.
      case 'upload-attention':
      case 'discarded':
        return this.#files.get(event.path)?.uploadId === event.id && this.#files.delete(event.path)
    }
  }

  /** Saved, and not heard to have been delivered. */
  undelivered(): FileOnItsWay[] {
    return [...this.#files.values()].filter((file) => !isDelivered(file))
  }

  /** The object of `file` was made at `atMs`. */
  arrived(file: FileOnItsWay, atMs: number): void {
    if (!this.has(file)) return
    this.#files.delete(file.path)
    this.#lastLagMs = Math.max(0, atMs - file.savedMs)
    this.recent.fire({ path: file.path, atMs, what: 'in-s3', detail: undefined })
  }

  /** S3 Files has given up on `file`. @param reason AWS's name for it. */
  refused(file: FileOnItsWay, reason: string, atMs: number): void {
    if (!this.has(file)) return
    this.#files.delete(file.path)
    this.recent.fire({ path: file.path, atMs, what: 'export-refused', detail: reason })
  }

  drop(file: FileOnItsWay): void {
    if (this.has(file)) this.#files.delete(file.path)
  }

  /** @returns whether anything was too old. */
  forgetOld(nowMs: number): boolean {
    const old = [...this.#files.values()].filter(({ savedMs }) => nowMs - savedMs > forgetAfterMs)
    for (const { path } of old) this.#files.delete(path)
    return old.length > 0
  }

  #put(file: FileOnItsWay): void {
    if (this.#files.has(file.path) || this.#files.size < maxFiles) this.#files.set(file.path, file)
  }

  #rename(from: string, to: string): boolean {
    const file = this.#files.get(from)
    if (file === undefined) return false
    this.#files.delete(from)
    this.#put({ ...file, path: to })
    return true
  }

  /** What was at `to` has been replaced, be it a file or nothing. */
  #move(from: string, to: string): boolean {
    const replaced = this.#dropWithin(to)
    const moved = [...this.#files.keys()].filter((path) => isWithin(path, from))
    for (const path of moved) this.#rename(path, to + path.slice(from.length))
    return replaced || moved.length > 0
  }

  #dropWithin(path: string): boolean {
    const gone = [...this.#files.keys()].filter((each) => isWithin(each, path))
    for (const each of gone) this.#files.delete(each)
    return gone.length > 0
  }
}
