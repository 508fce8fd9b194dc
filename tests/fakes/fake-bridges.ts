import { EventEmitter } from 'node:events'

import type { S3FilesDrive } from '../../src-main/services/drives/drive.ts'
import type { Bridges, FileExport, KeptBridge } from '../../src-main/services/drives/ports.ts'
import { AppError } from '../../src-main/shared/errors.ts'
import type { BridgeReport } from '../../src-main/shared/front-protocol.ts'

export const anAddress = { url: 'http://127.0.0.1:41001', token: 'of the first agent' }

/** Bridges without containers: each is there at once and changes as the test says. */
export class FakeBridges implements Bridges {
  readonly started: FakeBridge[] = []
  /** What the next starts reject with, first come first served. */
  readonly startErrors: AppError[] = []

  start(drive: S3FilesDrive, { signal, onStep }: Parameters<Bridges['start']>[1]): Promise<FakeBridge> {
    if (signal.aborted) return Promise.reject(new AppError('cancelled'))
    onStep('connecting')
    const error = this.startErrors.shift()
    if (error !== undefined) return Promise.reject(error)
    const bridge = new FakeBridge(drive)
    this.started.push(bridge)
    return Promise.resolve(bridge)
  }
}

export class FakeBridge implements KeptBridge {
  readonly drive: S3FilesDrive
  report: BridgeReport = { address: anAddress }
  wakes = 0
  isStopped = false
  /** Runs at `stop`, to see what else is over by then. */
  onStop: (() => void) | undefined
  readonly #events = new EventEmitter()

  constructor(drive: S3FilesDrive) {
    this.drive = drive
  }

  onReport(listener: (report: BridgeReport) => void): Disposable {
    this.#events.on('report', listener)
    return { [Symbol.dispose]: () => void this.#events.off('report', listener) }
  }

  /** What S3 Files says of each path; other files are not there. */
  readonly exports = new Map<string, FileExport>()

  onRoundTrip(listener: (ms: number) => void): Disposable {
    this.#events.on('round-trip', listener)
    return { [Symbol.dispose]: () => void this.#events.off('round-trip', listener) }
  }

  answerProbe(ms: number): void {
    this.#events.emit('round-trip', ms)
  }

  exportOf(path: string): Promise<FileExport | undefined> {
    const known = this.exports.get(path)
    return known === undefined ? Promise.reject(new AppError('not-found', { path })) : Promise.resolve(known)
  }

  change(report: BridgeReport): void {
    this.report = report
    this.#events.emit('report', report)
  }

  wake(): void {
    this.wakes += 1
  }

  stop(): Promise<void> {
    this.onStop?.()
    this.isStopped = true
    return Promise.resolve()
  }
}
