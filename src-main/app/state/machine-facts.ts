import type { Clock } from '../../lib/clock.ts'
import { createEmitter } from '../../lib/event.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Drives } from '../../services/drives/drives.ts'
import type { SerializedError } from '../../shared/errors.ts'
import type { Desktop } from '../ports.ts'

export interface MachineFactsDeps {
  readonly drives: Pick<Drives, 'obstacleToMounting'>
  readonly isOnline: () => boolean
  readonly freeBytes: () => Promise<number | undefined>
  readonly desktop: Pick<Desktop, 'opensAtLogin'>
  readonly clock: Clock
  readonly log: Logger
}

const everyMs = 30_000
/** What saves must leave of the disk: the front refuses them before. */
const reserveBytes = 5 * 1024 ** 3

/** Network, disk, mounter and login item of this machine, looked at now and then. */
export class MachineFacts implements Disposable {
  readonly changed = createEmitter<undefined>()
  readonly #deps: MachineFactsDeps
  #isEnded = false
  #timer: Disposable | undefined
  #isOnline = true
  #disk: { readonly freeBytes: number; readonly reserveBytes: number } | undefined
  #mountObstacle: SerializedError | undefined
  #opensAtLogin = false

  constructor(deps: MachineFactsDeps) {
    this.#deps = deps
  }

  get isOnline(): boolean {
    return this.#isOnline
  }

  get disk(): { readonly freeBytes: number; readonly reserveBytes: number } | undefined {
    return this.#disk
  }

  get mountObstacle(): SerializedError | undefined {
    return this.#mountObstacle
  }

  /** The system's own truth, which a person may change elsewhere; it is not asked with every snapshot. */
  get opensAtLogin(): boolean {
    return this.#opensAtLogin
  }

  /** Looks now, and from then on by itself. Never rejects. */
  async look(): Promise<void> {
    this.#timer?.[Symbol.dispose]()
    if (this.#isEnded) return
    this.#timer = this.#deps.clock.setTimeout(() => void this.look(), everyMs)
    await this.#look().catch((error: unknown) => {
      this.#deps.log.warn('app', 'machine not looked at', { error })
    })
  }

  [Symbol.dispose](): void {
    this.#isEnded = true
    this.#timer?.[Symbol.dispose]()
  }

  async #look(): Promise<void> {
    const { drives, isOnline, freeBytes, desktop } = this.#deps
    const before = JSON.stringify(this.#facts())
    this.#opensAtLogin = desktop.opensAtLogin()
    const [free, obstacle] = await Promise.all([freeBytes(), drives.obstacleToMounting()])
    this.#isOnline = isOnline()
    this.#disk = free === undefined ? undefined : { freeBytes: free, reserveBytes }
    this.#mountObstacle = obstacle?.toJSON()
    if (JSON.stringify(this.#facts()) !== before) this.changed.fire(undefined)
  }

  /** What it comes to: a disk that fills up by a byte is no news. */
  #facts(): readonly unknown[] {
    const isFull = this.#disk !== undefined && this.#disk.freeBytes < this.#disk.reserveBytes
    return [this.#isOnline, isFull, this.#mountObstacle, this.#opensAtLogin]
  }
}
