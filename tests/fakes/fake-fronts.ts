import { EventEmitter } from 'node:events'

import { urlOf } from '../../src-main/services/drives/drive.ts'
import type {
  ConnectedFront,
  Fronts,
  FrontStatus,
  KeptUploads,
  OwnedFront,
  UploadsReport,
} from '../../src-main/services/drives/ports.ts'
import { AppError } from '../../src-main/shared/errors.ts'
import type {
  BridgeReport,
  FrontConfigInput,
  FrontEvent,
  UploadInfo,
} from '../../src-main/shared/front-protocol.ts'
import { noKept, noUploads } from '../fixtures/uploads.ts'

export const idleCounters: FrontStatus['counters'] = {
  requests: 0,
  refused: 0,
  bytesIn: 0,
  bytesOut: 0,
  backendCalls: 0,
  inFlight: 0,
  latencyMs: { p50: 0, p95: 0, max: 0 },
}

/**
 * Fronts without processes: each lives until it is stopped or crashed, and its control socket answers for as long. What it has not
 * delivered by then lies in its folder, and the next one of that folder finds it there.
 */
export class FakeFronts implements Fronts {
  readonly running = new Map<string, FakeFront>()
  readonly started: FrontConfigInput[] = []
  /** Ports that another program uses. */
  readonly takenPorts = new Set<number>()
  /** What the next starts reject with, first come first served. */
  readonly startErrors: AppError[] = []
  /** Drives whose front accepts a connection and says nothing. */
  readonly silent = new Set<string>()
  /** Drives whose traces were deleted. */
  readonly discarded: string[] = []
  nextFreePort = 50_000
  readonly #left = new Map<string, readonly UploadInfo[]>()
  /** Runs as the next front starts, once: the moment for another process to be faster. */
  onStart: ((config: FrontConfigInput) => void) | undefined

  start(config: FrontConfigInput, signal: AbortSignal): Promise<OwnedFront> {
    if (signal.aborted) return Promise.reject(new AppError('cancelled'))
    const { onStart } = this
    this.onStart = undefined
    onStart?.(config)
    const error = this.startErrors.shift()
    if (error !== undefined) return Promise.reject(error)
    const isTaken = [...this.running.values()].some((front) => front.port === config.port)
    if (isTaken || this.takenPorts.has(config.port)) return Promise.reject(new AppError('port-taken'))
    this.started.push(config)
    const port = config.port === 0 ? this.nextFreePort : config.port
    const front = new FakeFront({ ...config, port }, this.#left.get(config.stateDir) ?? [], () => {
      this.running.delete(config.driveId)
      this.#left.set(config.stateDir, front.uploads)
    })
    this.running.set(config.driveId, front)
    return Promise.resolve(front)
  }

  connect(driveId: string): Promise<ConnectedFront | undefined> {
    if (this.silent.has(driveId)) return Promise.reject(new AppError('front-timeout'))
    const front = this.running.get(driveId)
    if (front === undefined) return Promise.resolve(undefined)
    return Promise.resolve({
      status: () => front.status(),
      wake: () => front.wake(),
      shutdown: () => front.stop(),
      drain: () => front.drain(),
      closed: front.closed.then(() => undefined),
      uploads: () => front.report(),
      retryUpload: (id) => front.actOn('retry', id),
      discardUpload: (id) => front.actOn('discard', id),
      exportUpload: (id, destinationPath) => front.actOn(`export ${destinationPath}`, id),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    })
  }

  keptUploads(frontStateDir: string): Promise<KeptUploads> {
    const uploads = this.#left.get(frontStateDir) ?? []
    if (uploads.length === 0) return Promise.resolve(noKept)
    const bytes = uploads.reduce((sum, { size }) => sum + size, 0)
    const attention = uploads.filter(({ state }) => state === 'attention').length
    return Promise.resolve({ count: uploads.length, bytes, attention, uploads })
  }

  discardKeptUploads(frontStateDir: string): Promise<void> {
    this.#left.delete(frontStateDir)
    return Promise.resolve()
  }

  discardTraces(driveId: string): Promise<void> {
    this.discarded.push(driveId)
    return Promise.resolve()
  }

  /** As a front has left them that ended before the test began. */
  leave(frontStateDir: string, uploads: readonly UploadInfo[]): void {
    this.#left.set(frontStateDir, uploads)
  }

  /** Ends a front as a crash would. */
  crash(driveId: string): void {
    this.running.get(driveId)?.end()
  }
}

export class FakeFront implements OwnedFront {
  readonly url: string
  readonly port: number
  readonly pid = 4242
  readonly closed: Promise<unknown>
  readonly config: FrontConfigInput
  health: FrontStatus['health'] = 'ok'
  /** Not delivered yet. Set with `deliver`, or here before anything drains. */
  uploads: readonly UploadInfo[]
  /** Pending as well, and too many to be listed. */
  hiddenUploads = 0
  /** Since it started. */
  conflicts = 0
  /** `<what> <id>` for each retry, discard and export. */
  readonly acts: string[] = []
  isDraining = false
  wakes = 0
  readonly bridgeReports: BridgeReport[] = []
  #requests = 0
  #hasEnded = false
  end!: () => void
  readonly #events = new EventEmitter()

  constructor(config: FrontConfigInput, uploads: readonly UploadInfo[], onEnd: () => void) {
    this.config = config
    this.uploads = uploads
    this.port = config.port
    this.url = urlOf(config)
    this.closed = new Promise((resolve) => {
      this.end = () => {
        this.#hasEnded = true
        onEnd()
        resolve(undefined)
      }
    })
  }

  onEvent(listener: (event: FrontEvent) => void): Disposable {
    this.#events.on('event', listener)
    return { [Symbol.dispose]: () => void this.#events.off('event', listener) }
  }

  countRequest(): void {
    this.#requests += 1
  }

  say(event: FrontEvent): void {
    this.#events.emit('event', event)
  }

  wake(): void {
    this.wakes += 1
  }

  setBridge(report: BridgeReport): void {
    this.bridgeReports.push(report)
  }

  drain(): void {
    this.isDraining = true
    this.#endWhenDrained()
  }

  /** The uploads of these ids arrive. */
  deliver(...ids: readonly number[]): void {
    this.uploads = this.uploads.filter(({ id }) => !ids.includes(id))
    this.#endWhenDrained()
  }

  report(): Promise<UploadsReport> {
    if (this.#hasEnded) return Promise.reject(new AppError('front-died'))
    return Promise.resolve({ uploads: this.uploads, totals: this.#totals() })
  }

  actOn(what: string, id: number): Promise<void> {
    if (!this.uploads.some((upload) => upload.id === id)) {
      return Promise.reject(new AppError('upload-unknown', { id }))
    }
    this.acts.push(`${what} ${id}`)
    return Promise.resolve()
  }

  #totals(): FrontStatus['uploads'] {
    const pending = this.uploads.filter(({ state }) => state !== 'attention')
    return {
      ...noUploads,
      pending: pending.length + this.hiddenUploads,
      conflicts: this.conflicts,
      pendingBytes: pending.reduce((sum, { size }) => sum + size, 0),
      attention: this.uploads.length - pending.length,
    }
  }

  #endWhenDrained(): void {
    if (this.isDraining && this.#totals().pending === 0) void this.stop()
  }

  status(): Promise<FrontStatus> {
    if (this.#hasEnded) return Promise.reject(new AppError('front-died'))
    const { driveId, driveName } = this.config
    const { url, pid, health } = this
    return Promise.resolve({
      type: 'status',
      driveId,
      driveName,
      url,
      pid,
      uptimeMs: 1_000,
      health,
      trouble: this.bridgeReports.at(-1)?.trouble,
      counters: { ...idleCounters, requests: this.#requests },
      uploads: this.#totals(),
      draining: this.isDraining,
    })
  }

  /** In order, as by `shutdown`: it says so and then ends. */
  stop(): Promise<void> {
    if (!this.#hasEnded) this.say({ type: 'closed' })
    this.end()
    return Promise.resolve()
  }
}
