import type { Clock } from '../../lib/clock.ts'
import type { Teller } from '../state/teller.ts'
import type { AppDrive } from './app-drive.ts'

/** A front that is started again, or a server that pauses, is back before anybody notices. */
const lostAfterMs = 10_000
/** One that comes and goes is told of this often at most; what lasts is told of when that is over. */
const quietMs = 10 * 60_000

interface Outage {
  readonly key: string
  readonly timer: Disposable
  isTold: boolean
}

/** Tells of drives that stay without an answer for a while, and when such a one is back. */
export class LostDrives implements Disposable {
  readonly #teller: Teller
  readonly #clock: Clock
  readonly #outages = new Map<string, Outage>()
  /** Until when nothing more is said of a drive. */
  readonly #quietUntilMs = new Map<string, number>()
  #count = 0

  constructor(teller: Teller, clock: Clock) {
    this.#teller = teller
    this.#clock = clock
  }

  /** To be called whenever a drive has changed. */
  look({ drive, state }: AppDrive): void {
    const isLost = state.kind === 'mounted' && state.degraded !== undefined
    const outage = this.#outages.get(drive.id)
    if (isLost && outage === undefined) this.#begin(drive.id)
    if (isLost || outage === undefined) return
    this.#end(drive.id)
    if (outage.isTold && state.kind === 'mounted') {
      this.#teller.tell({ kind: 'drive-back', key: `drive-back:${outage.key}`, driveId: drive.id })
    }
  }

  forget(driveId: string): void {
    this.#end(driveId)
    this.#quietUntilMs.delete(driveId)
  }

  [Symbol.dispose](): void {
    for (const driveId of [...this.#outages.keys()]) this.#end(driveId)
  }

  #end(driveId: string): void {
    this.#outages.get(driveId)?.timer[Symbol.dispose]()
    this.#outages.delete(driveId)
  }

  #begin(driveId: string): void {
    this.#count += 1
    const key = `${driveId}:${this.#count}`
    const nowMs = this.#clock.monotonicMs()
    const delayMs = Math.max(lostAfterMs, (this.#quietUntilMs.get(driveId) ?? 0) - nowMs)
    const timer = this.#clock.setTimeout(() => {
      const outage = this.#outages.get(driveId)
      if (outage === undefined) return
      outage.isTold = true
      this.#quietUntilMs.set(driveId, this.#clock.monotonicMs() + quietMs)
      this.#teller.tell({ kind: 'drive-lost', key: `drive-lost:${key}`, driveId })
    }, delayMs)
    this.#outages.set(driveId, { key, timer, isTold: false })
  }
}
