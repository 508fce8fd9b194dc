import { isVolumeError } from '../errno.ts'
import type { RequestRecord, VolumeEvent, VolumeReport } from './events.ts'

/** Collects what happens on one volume; `report()` is a copy of it so far. */
export class Recorder {
  #events: VolumeEvent[] = []
  #requests: RequestRecord[] = []
  #waiting = { calls: 0, totalMs: 0, longestMs: 0, queuedCalls: 0, queuedMs: 0 }
  #listingCost = { scannedBytes: 0, nameComparisons: 0 }

  event(event: VolumeEvent): void {
    this.#events.push(event)
  }

  request(record: RequestRecord): void {
    this.#requests.push(record)
  }

  waited(totalMs: number, queuedMs: number): void {
    this.#waiting.calls += 1
    this.#waiting.totalMs += totalMs
    this.#waiting.longestMs = Math.max(this.#waiting.longestMs, totalMs)
    if (queuedMs > 0) this.#waiting.queuedCalls += 1
    this.#waiting.queuedMs += queuedMs
  }

  listed(scannedBytes: number, nameComparisons: number): void {
    this.#listingCost.scannedBytes += scannedBytes
    this.#listingCost.nameComparisons += nameComparisons
  }

  /** Notes an error as shown to the user; what is not a `VolumeError` is the test's own trouble and left alone. */
  failed(operation: string, path: string, error: unknown): void {
    if (!isVolumeError(error)) return
    const status = error.status === undefined ? {} : { status: error.status }
    this.event({ kind: 'error-shown', operation, path, errno: error.errno, ...status })
  }

  report(): VolumeReport {
    return {
      events: [...this.#events],
      requests: [...this.#requests],
      waiting: { ...this.#waiting },
      listingCost: { ...this.#listingCost },
    }
  }

  /** Starts a new report, for instance per gesture. */
  reset(): void {
    this.#events = []
    this.#requests = []
    this.#waiting = { calls: 0, totalMs: 0, longestMs: 0, queuedCalls: 0, queuedMs: 0 }
    this.#listingCost = { scannedBytes: 0, nameComparisons: 0 }
  }
}
