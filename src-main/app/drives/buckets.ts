import { createEmitter } from '../../lib/event.ts'
import type { Logger } from '../../lib/logger.ts'
import type { FileSystemChoice } from '../../shared/app/answers.ts'
import type { Lookup } from '../parts.ts'
import type { AppDrive } from './app-drive.ts'

export interface Bucket {
  readonly name: string
  readonly prefix: string
}

const limitMs = 30_000

/** Which bucket is behind which file system, as far as AWS has told: asked once for each drive that is mounted, and read off lists that a person asks for. */
export class Buckets {
  readonly changed = createEmitter<undefined>()
  readonly #lookup: Lookup
  readonly #log: Logger
  readonly #ending: AbortSignal
  readonly #known = new Map<string, Bucket>()
  readonly #asked = new Set<string>()

  constructor(lookup: Lookup, log: Logger, ending: AbortSignal) {
    this.#lookup = lookup
    this.#log = log
    this.#ending = ending
  }

  of({ drive }: AppDrive): Bucket | undefined {
    return drive.kind === 's3files' ? this.#known.get(drive.fileSystem.fileSystemId) : undefined
  }

  learn(choices: readonly FileSystemChoice[]): void {
    const size = this.#known.size
    for (const { fileSystemId, bucket, prefix } of choices) {
      this.#known.set(fileSystemId, { name: bucket, prefix })
    }
    if (this.#known.size !== size) this.changed.fire(undefined)
  }

  /** Asks AWS where it is not known; again after `forgetFailures`. */
  async find(appDrive: AppDrive): Promise<void> {
    const { drive } = appDrive
    if (drive.kind !== 's3files' || this.of(appDrive) !== undefined || this.#asked.has(drive.id)) return
    this.#asked.add(drive.id)
    const { profile, region } = drive.fileSystem
    try {
      const signal = AbortSignal.any([this.#ending, AbortSignal.timeout(limitMs)])
      this.learn(await this.#lookup.fileSystems(profile, region, signal))
    } catch (error) {
      this.#log.info('app', 'bucket not known', { id: drive.id, error })
    }
  }

  /** There is a network again, or a session. */
  forgetFailures(): void {
    this.#asked.clear()
  }
}
