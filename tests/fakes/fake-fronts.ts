import { noUploads } from '../fixtures/no-uploads.ts'
import { EventEmitter } from 'node:events'

import { urlOf } from '../../src-main/services/drives/drive.ts'
import type { ConnectedFront, Fronts, FrontStatus, OwnedFront } from '../../src-main/services/drives/ports.ts'
import { AppError } from '../../src-main/shared/errors.ts'
import type { FrontConfigInput, FrontEvent } from '../../src-main/shared/front-protocol.ts'

export const idleCounters: FrontStatus['counters'] = {
  requests: 0,
  refused: 0,
  bytesIn: 0,
  bytesOut: 0,
  backendCalls: 0,
  inFlight: 0,
  latencyMs: { p50: 0, p95: 0, max: 0 },
}

/** Fronts without processes: each lives until it is stopped or crashed, and its control socket answers for as long. */
export class FakeFronts implements Fronts {
  readonly running = new Map<string, FakeFront>()
  readonly started: FrontConfigInput[] = []
  /** Ports that another program uses. */
  readonly takenPorts = new Set<number>()
  /** What the next starts reject with, first come first served. */
  readonly startErrors: AppError[] = []
  /** Drives whose front accepts a connection and says nothing. */
  readonly silent = new Set<string>()
  nextFreePort = 50_000
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
    const front = new FakeFront({ ...config, port }, () => this.running.delete(config.driveId))
    this.running.set(config.driveId, front)
    return Promise.resolve(front)
  }

  connect(driveId: string): Promise<ConnectedFront | undefined> {
    if (this.silent.has(driveId)) return Promise.reject(new AppError('front-timeout'))
    const front = this.running.get(driveId)
    if (front === undefined) return Promise.resolve(undefined)
    return Promise.resolve({
      status: () => front.status(),
      shutdown: () => front.stop(),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    })
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
  #requests = 0
  #hasEnded = false
  end!: () => void
  readonly #events = new EventEmitter()

  constructor(config: FrontConfigInput, onEnd: () => void) {
    this.config = config
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
      counters: { ...idleCounters, requests: this.#requests },
      uploads: noUploads,
    })
  }

  stop(): Promise<void> {
    this.end()
    return Promise.resolve()
  }
}
