import type { Timer } from '../../../lib/clock.ts'
import { isAppError, toAppError } from '../../../shared/errors.ts'
import { isWithin, type VfsPath } from '../path.ts'
import { deliverOne } from './deliver-one.ts'
import { noteFailure } from './note-failure.ts'
import { byAge, isPending, type PendingFile } from './pending-index.ts'
import type { QueueParts } from './queue-parts.ts'
import { pauseMs } from './transient.ts'

interface Delivery {
  readonly stop: AbortController
  readonly ended: Promise<void>
}

/** A file whose turn comes again, and not before when. */
interface Turn {
  readonly file: PendingFile
  readonly delayMs: number
}

/**
 * Decides which pending file is delivered when: the longest waiting first, several at a time, one body per path at a time;
 * after a failure not before a pause. A file stays until it is delivered, given up, or needs a person's attention.
 */
export class Deliveries {
  readonly #parts: QueueParts
  /** In the order of their turns. */
  #ready = new Set<PendingFile>()
  readonly #pausing = new Map<PendingFile, Timer>()
  readonly #running = new Map<PendingFile, Delivery>()

  constructor(parts: QueueParts) {
    this.#parts = parts
  }

  /** Delivers `file` when its turn comes, not before `delayMs` from now. */
  schedule(file: PendingFile, delayMs = 0): void {
    this.#endPause(file)
    if (delayMs === 0) {
      this.#ready.add(file)
      this.#startWhatMayStart()
      return
    }
    this.#ready.delete(file)
    const timer = this.#parts.clock.setTimeout(() => {
      this.schedule(file)
    }, delayMs)
    this.#pausing.set(file, timer.unref())
  }

  /** Nothing of the file is left to deliver. */
  forget(file: PendingFile): void {
    this.#endPause(file)
    this.#ready.delete(file)
  }

  /** Stops the deliveries at `path` and below as far as they can be stopped; a claim on `path` waits for their end. */
  stopWithin(path: VfsPath): void {
    for (const [file, { stop }] of this.#running) if (isWithin(file.path, path)) stop.abort()
  }

  /** Ends all pauses, the oldest first. */
  wake(): void {
    const waiting = [...this.#pausing.keys()]
    for (const file of waiting) this.#endPause(file)
    this.#lineUp(waiting)
    this.#startWhatMayStart()
  }

  /** After the queue's lifetime has ended: stops all deliveries and resolves when none is under way. */
  async end(): Promise<void> {
    for (const file of [...this.#pausing.keys()]) this.#endPause(file)
    this.#ready.clear()
    for (const { stop } of this.#running.values()) stop.abort()
    await Promise.all([...this.#running.values()].map(({ ended }) => ended))
  }

  /** Gives files back the place in the line that their age entitles them to. */
  #lineUp(files: readonly PendingFile[]): void {
    if (files.length > 0) this.#ready = new Set([...this.#ready, ...files].sort(byAge))
  }

  #endPause(file: PendingFile): void {
    this.#pausing.get(file)?.[Symbol.dispose]()
    this.#pausing.delete(file)
  }

  #startWhatMayStart(): void {
    const { lifetime, health, limits } = this.#parts
    for (const file of this.#ready) {
      // A silent backend gets one question at a time, instead of calls that hang in every slot.
      const slots = health.isStalled ? 1 : limits.parallel
      if (lifetime.aborted || this.#running.size >= slots) return
      if (this.#running.has(file)) continue
      this.#ready.delete(file)
      const stop = new AbortController()
      this.#running.set(file, { stop, ended: this.#run(file, stop.signal) })
    }
  }

  async #run(file: PendingFile, stop: AbortSignal): Promise<void> {
    // From the next turn on: whoever scheduled it may have more to do first.
    await Promise.resolve()
    const next = await this.#attempt(file, stop)
    this.#running.delete(file)
    if (!this.#parts.lifetime.aborted) {
      const waiting = next.filter((turn) => this.#isWaiting(turn.file))
      for (const turn of waiting) if (turn.delayMs > 0) this.schedule(turn.file, turn.delayMs)
      // A pause that was ordered meanwhile is a newer upload's.
      const isDue = ({ delayMs, file: due }: Turn): boolean => delayMs === 0 && !this.#pausing.has(due)
      this.#lineUp(waiting.filter(isDue).map((turn) => turn.file))
      this.#startWhatMayStart()
    }
    this.#parts.noteProgress()
  }

  async #attempt(file: PendingFile, stop: AbortSignal): Promise<readonly Turn[]> {
    const again = { file, delayMs: 0 }
    const { path } = file
    try {
      using _claim = await this.#parts.deliveries.take([{ path, scope: 'node' }], stop)
      if (file.path !== path || !this.#isWaiting(file)) return [again]
      return await this.#deliver(file, stop)
    } catch (error) {
      // The claim was called off, or somebody needs the path for long.
      if (isAppError(error, 'cancelled', 'busy')) return [again]
      return [{ file, delayMs: pauseMs(toAppError(error), 1, this.#parts.random) }]
    }
  }

  async #deliver(file: PendingFile, stop: AbortSignal): Promise<readonly Turn[]> {
    const again = { file, delayMs: 0 }
    const upload = file.newest
    try {
      const elsewhere = await deliverOne(this.#parts, file, stop)
      return elsewhere === undefined ? [again] : [again, { file: elsewhere, delayMs: 0 }]
    } catch (error) {
      if (stop.aborted) return [again]
      const delayMs = await noteFailure(this.#parts, file, upload, toAppError(error))
      return delayMs === undefined ? [] : [{ file, delayMs }]
    }
  }

  #isWaiting(file: PendingFile): boolean {
    return this.#parts.index.at(file.path) === file && isPending(file)
  }
}
