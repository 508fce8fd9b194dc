import { createHash } from 'node:crypto'

import type { Clock } from '../../../../src-main/lib/clock.ts'

export type Metadata = Readonly<Record<string, string>>

interface VersionFacts {
  readonly key: string
  readonly versionId: string
  readonly lastModifiedMs: number
}

export interface ObjectVersion extends VersionFacts {
  readonly isDeleteMarker: false
  readonly body: Buffer
  /** With its quotes, as in HTTP. */
  readonly etag: string
  readonly metadata: Metadata
}

export interface DeleteMarker extends VersionFacts {
  readonly isDeleteMarker: true
}

export type Version = ObjectVersion | DeleteMarker

/** A bucket with versioning, in memory. Keys are ordered as S3 orders them, by their UTF-8 bytes. */
export class Bucket {
  readonly name: string
  /** What S3 says of it; versions are kept whatever it says. */
  versioning: 'Enabled' | 'Suspended' | undefined = 'Enabled'
  encryption: { readonly algorithm: string; readonly kmsKey?: string } = { algorithm: 'AES256' }
  /** Where it is, when not where it is asked for. */
  region: string | undefined
  /** Goes with it. */
  policy: string | undefined
  readonly tags = new Map<string, string>()
  readonly #clock: Clock
  /** Newest last; never an empty list. */
  readonly #versions = new Map<string, Version[]>()
  #nextVersion = 1

  constructor(name: string, clock: Clock) {
    this.name = name
    this.#clock = clock
  }

  put(key: string, body: Buffer, metadata: Metadata = {}): ObjectVersion {
    const etag = `"${createHash('md5').update(body).digest('hex')}"`
    return this.#add({ ...this.#newVersion(key), isDeleteMarker: false, body, etag, metadata })
  }

  /** Hides the object behind a delete marker, whether there is one or not, as S3 does. */
  delete(key: string): DeleteMarker {
    return this.#add({ ...this.#newVersion(key), isDeleteMarker: true })
  }

  /** Removes one version for good. */
  deleteVersion(key: string, versionId: string): Version | undefined {
    const versions = this.#versions.get(key) ?? []
    const removed = versions.find((version) => version.versionId === versionId)
    const left = versions.filter((version) => version !== removed)
    if (left.length === 0) this.#versions.delete(key)
    else this.#versions.set(key, left)
    return removed
  }

  /** The latest version, be it a delete marker. */
  latest(key: string): Version | undefined {
    return this.#versions.get(key)?.at(-1)
  }

  /** The object as a plain GET finds it. */
  object(key: string): ObjectVersion | undefined {
    const latest = this.latest(key)
    return latest?.isDeleteMarker === false ? latest : undefined
  }

  version(key: string, versionId: string): Version | undefined {
    return this.#versions.get(key)?.find((version) => version.versionId === versionId)
  }

  /** Newest first. */
  versions(key: string): Version[] {
    return (this.#versions.get(key) ?? []).toReversed()
  }

  /** All keys that were ever used and have a version left, in order. */
  keys(): string[] {
    return [...this.#versions.keys()].sort((left, right) =>
      Buffer.compare(Buffer.from(left), Buffer.from(right)),
    )
  }

  #newVersion(key: string): VersionFacts {
    const versionId = `simulated.${String(this.#nextVersion).padStart(8, '0')}`
    this.#nextVersion += 1
    return { key, versionId, lastModifiedMs: this.#clock.now() }
  }

  #add<V extends Version>(version: V): V {
    const versions = this.#versions.get(version.key)
    if (versions === undefined) this.#versions.set(version.key, [version])
    else versions.push(version)
    return version
  }
}
