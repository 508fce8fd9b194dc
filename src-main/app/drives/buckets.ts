import { createEmitter } from '../../lib/event.ts'
import type { Logger } from '../../lib/logger.ts'
import { orAborted } from '../../lib/or-aborted.ts'
import { SingleFlight } from '../../lib/single-flight.ts'
import type { FileSystem } from '../../services/drives/drive.ts'
import { keyPrefixOf } from '../../services/vitals/sync/object-key.ts'
import type { FileSystemChoice } from '../../shared/app/answers.ts'
import type { BucketFacts, Lookup } from '../parts.ts'
import type { AppDrive } from './app-drive.ts'

export interface Bucket {
  readonly name: string
  /** Where the drive's access point begins in it, as far as that is known. */
  readonly prefix: string
  /** Nothing but the drive's own folder comes between `prefix` and its files. */
  readonly isExact: boolean
}

const limitMs = 30_000

/** Which bucket is behind which drive, as far as AWS has told: asked once for each drive that is mounted, and read off lists that a person asks for. */
export class Buckets {
  readonly changed = createEmitter<undefined>()
  readonly #lookup: Pick<Lookup, 'bucketOf'>
  readonly #log: Logger
  readonly #ending: AbortSignal
  readonly #flight = new SingleFlight<void>()
  readonly #known = new Map<string, BucketFacts>()
  /** By file system: lists say nothing of access points, and not always the prefix. */
  readonly #listed = new Map<string, Pick<BucketFacts, 'name' | 'prefix'>>()
  readonly #asked = new Set<string>()

  constructor(lookup: Pick<Lookup, 'bucketOf'>, log: Logger, ending: AbortSignal) {
    this.#lookup = lookup
    this.#log = log
    this.#ending = ending
  }

  of({ drive }: AppDrive): Bucket | undefined {
    if (drive.kind !== 's3files') return undefined
    const { fileSystemId, accessPointId } = drive.fileSystem
    const found = this.#known.get(keyOf(drive.fileSystem))
    const place = found ?? this.#listed.get(fileSystemId)
    if (place === undefined) return undefined
    const rootDirectory = accessPointId === undefined ? '/' : found?.rootDirectory
    return {
      name: place.name,
      prefix: keyPrefixOf({ prefix: place.prefix, rootDirectory, remotePath: '/' }),
      isExact: rootDirectory !== undefined,
    }
  }

  learn(choices: readonly FileSystemChoice[]): void {
    const before = JSON.stringify([...this.#listed])
    for (const { fileSystemId, bucket, prefix } of choices) {
      this.#listed.set(fileSystemId, { name: bucket, prefix })
    }
    if (JSON.stringify([...this.#listed]) !== before) this.changed.fire(undefined)
  }

  /** Asks AWS where it is not known for sure; once, and again after `forgetFailures`. */
  find(appDrive: AppDrive): void {
    const { id } = appDrive.drive
    if (this.#asked.has(id)) return
    this.#asked.add(id)
    void this.findNow(appDrive, this.#ending).catch(() => undefined)
  }

  /** The same for somebody who waits for it. Joins an asking under way; rejects only with the signal's reason. */
  async findNow({ drive }: AppDrive, signal: AbortSignal): Promise<void> {
    if (drive.kind !== 's3files') return
    const { id, fileSystem } = drive
    // It goes on without whoever waits no longer.
    const finding = this.#flight.run(keyOf(fileSystem), () => this.#find(id, fileSystem), this.#ending)
    await orAborted(finding, signal)
  }

  async #find(id: string, fileSystem: FileSystem): Promise<void> {
    const key = keyOf(fileSystem)
    if (this.#known.has(key)) return
    try {
      const signal = AbortSignal.any([this.#ending, AbortSignal.timeout(limitMs)])
      this.#known.set(key, await this.#lookup.bucketOf(fileSystem, signal))
      this.changed.fire(undefined)
    } catch (error) {
      this.#log.info('app', 'bucket not known', { id, error })
    }
  }

  /** There is a network again, or a session. */
  forgetFailures(): void {
    this.#asked.clear()
  }
}

function keyOf({ fileSystemId, accessPointId = '' }: FileSystem): string {
  return `${fileSystemId} ${accessPointId}`
}
