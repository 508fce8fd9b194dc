import type { Clock } from '../../../../src-main/lib/clock.ts'
import type { Bucket, ObjectVersion } from './bucket.ts'
import type { ExportDir } from './export-dir.ts'
import { isUnchanged, posixMetadata, sameContent, type Fingerprint } from './fingerprint.ts'
import { isDirectoryKey, isExportable, isImportable, parentKeys } from './keys.ts'

export interface SynchroniserOptions {
  readonly bucket: Bucket
  readonly exportDir: ExportDir
  /** How long a file must be left alone before it is exported; S3 Files: a minute. */
  readonly quietMs: number
  readonly clock: Clock
}

/** What S3 Files tells CloudWatch, in CloudWatch's words. */
export interface SyncMetrics {
  readonly pendingExports: number
  /** Milliseconds since the oldest change that is not exported; 0 when there is none. */
  readonly exportAgeMs: number
  readonly exportFailures: number
  readonly importFailures: number
  readonly lostAndFoundFiles: number
}

/** Something on the file system. */
interface Present {
  readonly fingerprint: Fingerprint
  /** The version in the bucket that it came from or went to. */
  readonly versionId: string | undefined
  /** When the change was seen that the bucket does not have yet. */
  readonly changedAtMs: number | undefined
}

/** Something that the file system had and the bucket still has. */
interface Gone {
  readonly fingerprint: Fingerprint
  readonly versionId: string
  /** Whether the bucket has its last content: what was changed and moved at once has to be read, not copied. */
  readonly wasExported: boolean
  readonly goneAtMs: number
}

/** Keeps a directory and a bucket alike in the way of S3 Files. It looks when `scan` is called, and not in between. */
export class Synchroniser {
  readonly #options: SynchroniserOptions
  readonly #present = new Map<string, Present>()
  readonly #gone = new Map<string, Gone>()
  readonly #notImported = new Set<string>()
  #exportFailures = 0
  #lostAndFoundFiles = 0

  constructor(options: SynchroniserOptions) {
    this.#options = options
  }

  get metrics(): SyncMetrics {
    const waitingSince = [
      ...[...this.#present.values()].flatMap(({ changedAtMs }) => changedAtMs ?? []),
      ...[...this.#gone.values()].map(({ goneAtMs }) => goneAtMs),
    ]
    return {
      pendingExports: waitingSince.length,
      exportAgeMs: Math.max(0, ...waitingSince.map((sinceMs) => this.#options.clock.now() - sinceMs)),
      exportFailures: this.#exportFailures,
      importFailures: this.#notImported.size,
      lostAndFoundFiles: this.#lostAndFoundFiles,
    }
  }

  /** One look at both sides: notes what changed, imports, and exports what has been quiet for long enough. */
  async scan(): Promise<void> {
    this.#observe(await this.#options.exportDir.scan())
    const keys = this.#options.bucket.keys()
    // Children before their directory; and what is gone makes room for what is new.
    for (const key of keys.toReversed()) await this.#importRemoval(key)
    for (const key of keys) await this.#importObject(key)
    for (const key of [...this.#present.keys()].sort()) await this.#export(key)
    for (const key of [...this.#gone.keys()].sort().reverse()) this.#exportRemoval(key)
  }

  #observe(found: ReadonlyMap<string, Fingerprint>): void {
    const nowMs = this.#options.clock.now()
    for (const [key, fingerprint] of found) {
      const known = this.#present.get(key)
      if (known !== undefined && isUnchanged(known.fingerprint, fingerprint)) continue
      const versionId = (known ?? this.#gone.get(key))?.versionId
      this.#present.set(key, { fingerprint, versionId, changedAtMs: nowMs })
      this.#gone.delete(key)
    }
    for (const [key, { fingerprint, versionId, changedAtMs }] of this.#present) {
      if (found.has(key)) continue
      this.#present.delete(key)
      const wasExported = changedAtMs === undefined
      if (versionId !== undefined)
        this.#gone.set(key, { fingerprint, versionId, wasExported, goneAtMs: nowMs })
    }
  }

  async #importRemoval(key: string): Promise<void> {
    const { bucket, exportDir } = this.#options
    const latest = bucket.latest(key)
    if (latest?.isDeleteMarker !== true) return
    const here = this.#present.get(key)
    this.#gone.delete(key)
    // A file that never came from the bucket has nothing to do with what was deleted there before.
    if (here?.versionId === undefined) return
    if (here.changedAtMs === undefined || isDirectoryKey(key)) await exportDir.remove(key)
    else await this.#lose(key)
    const left = await exportDir.look(key)
    if (left === undefined) this.#present.delete(key)
    // A directory with something in it stays, as one that has no object of its own.
    else this.#present.set(key, { fingerprint: left, versionId: undefined, changedAtMs: undefined })
  }

  async #importObject(key: string): Promise<void> {
    const latest = this.#options.bucket.object(key)
    const here = this.#present.get(key)
    const known = here ?? this.#gone.get(key)
    if (latest === undefined || latest.versionId === known?.versionId) return
    if (!isImportable(key)) {
      this.#notImported.add(key)
      return
    }
    const conflicts = here?.changedAtMs !== undefined && !isDirectoryKey(key)
    if (conflicts) await this.#lose(key)
    await this.#place(latest, conflicts ? undefined : here?.fingerprint)
  }

  async #place(version: ObjectVersion, expected: Fingerprint | undefined): Promise<void> {
    const { key, versionId } = version
    const fingerprint = await this.#options.exportDir.place(version, expected)
    if (fingerprint === undefined) {
      this.#notImported.add(key)
      return
    }
    this.#notImported.delete(key)
    this.#gone.delete(key)
    this.#present.set(key, { fingerprint, versionId, changedAtMs: undefined })
    // Directories that exist only because something is in them are no news for the bucket.
    for (const parentKey of parentKeys(key)) {
      const parent = await this.#options.exportDir.look(parentKey)
      if (parent === undefined || this.#present.has(parentKey)) continue
      this.#present.set(parentKey, { fingerprint: parent, versionId: undefined, changedAtMs: undefined })
    }
  }

  async #lose(key: string): Promise<void> {
    await this.#options.exportDir.moveToLostAndFound(key)
    this.#lostAndFoundFiles += 1
  }

  async #export(key: string): Promise<void> {
    const { bucket } = this.#options
    const here = this.#present.get(key)
    if (here?.changedAtMs === undefined || !this.#isQuietSince(here.changedAtMs)) return
    const { fingerprint } = here
    if (!isExportable(key)) {
      this.#exportFailures += 1
      this.#present.set(key, { ...here, changedAtMs: undefined })
      return
    }
    const oldKey = this.#renamedFrom(fingerprint)
    const body = oldKey === undefined ? await this.#contentOf(key, fingerprint) : bucket.object(oldKey)?.body
    // Changed while it was read, here or in the bucket: the next look decides anew.
    if (body === undefined || this.#isForeign(key, here.versionId)) return
    const { versionId } = bucket.put(key, body, posixMetadata(fingerprint))
    this.#present.set(key, { fingerprint, versionId, changedAtMs: undefined })
    if (oldKey === undefined) return
    bucket.delete(oldKey)
    this.#gone.delete(oldKey)
  }

  #exportRemoval(key: string): void {
    const gone = this.#gone.get(key)
    if (gone === undefined || !this.#isQuietSince(gone.goneAtMs)) return
    if (this.#isForeign(key, gone.versionId)) return
    this.#options.bucket.delete(key)
    this.#gone.delete(key)
  }

  async #contentOf(key: string, fingerprint: Fingerprint): Promise<Buffer | undefined> {
    return isDirectoryKey(key) ? Buffer.alloc(0) : this.#options.exportDir.read(key, fingerprint)
  }

  /** In the bucket a rename is a copy and a deletion; on the file system the file is the same. */
  #renamedFrom(fingerprint: Fingerprint): string | undefined {
    if (fingerprint.kind === 'directory') return undefined
    for (const [key, gone] of this.#gone) {
      if (gone.wasExported && sameContent(gone.fingerprint, fingerprint)) return key
    }
    return undefined
  }

  #isQuietSince(changedAtMs: number): boolean {
    return this.#options.clock.now() - changedAtMs >= this.#options.quietMs
  }

  /** Whether the bucket's latest version is one that the file system has not seen. */
  #isForeign(key: string, versionId: string | undefined): boolean {
    const latest = this.#options.bucket.latest(key)
    const deletedBefore = latest?.isDeleteMarker === true && versionId === undefined
    return latest !== undefined && !deletedBefore && latest.versionId !== versionId
  }
}
