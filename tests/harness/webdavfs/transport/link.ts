import type { Clock, Timer } from '../../../../src-main/lib/clock.ts'
import { pingDelaysMs } from '../limits.ts'
import type { Recorder } from '../report/recorder.ts'

interface LinkOptions {
  readonly clock: Clock
  readonly recorder: Recorder
  /** Sends one `OPTIONS`; true when the server answered it well. */
  readonly ping: () => Promise<boolean>
  /** Mounted with `-S`: a volume that goes down stays down, its own ping being refused too (webdavfs-403: N:1998, N:3026). */
  readonly neverRecovers: boolean
}

/**
 * Whether the agent believes in its server. One failed connection makes the whole volume DOWN (webdavfs-403: N:1469, 1618, 2060);
 * then the pulse thread sends `OPTIONS` until one is answered (N:3009-3063, Q:208-214).
 */
export class Link {
  readonly #options: LinkOptions
  #state: { kind: 'up' } | { kind: 'down'; sinceMs: number; pings: number } | { kind: 'dead' } = {
    kind: 'up',
  }
  #timer: Timer | undefined
  #waiters: (() => void)[] = []

  constructor(options: LinkOptions) {
    this.#options = options
  }

  get isUp(): boolean {
    return this.#state.kind === 'up'
  }

  get isDead(): boolean {
    return this.#state.kind === 'dead'
  }

  goDown(reason: string): void {
    if (this.#state.kind !== 'up') return
    this.#options.recorder.event({ kind: 'down', reason })
    if (this.#options.neverRecovers) {
      this.#state = { kind: 'dead' }
      this.#options.recorder.event({ kind: 'volume-dead' })
      return
    }
    this.#state = { kind: 'down', sinceMs: this.#options.clock.monotonicMs(), pings: 0 }
    this.#schedulePing()
  }

  /** Resolves when the link is up again, at once if it is. */
  whenUp(): Promise<void> {
    return this.isUp ? Promise.resolve() : new Promise((resolve) => this.#waiters.push(resolve))
  }

  close(): void {
    this.#timer?.[Symbol.dispose]()
    this.#state = { kind: 'dead' }
  }

  #schedulePing(): void {
    if (this.#state.kind !== 'down') return
    const delayMs = pingDelaysMs[Math.min(this.#state.pings, pingDelaysMs.length - 1)] ?? 0
    this.#state.pings += 1
    this.#timer = this.#options.clock.setTimeout(() => void this.#ping(), delayMs)
  }

  async #ping(): Promise<void> {
    const answered = await this.#options.ping()
    if (this.#state.kind !== 'down') return
    if (!answered) {
      this.#schedulePing()
      return
    }
    const downMs = this.#options.clock.monotonicMs() - this.#state.sinceMs
    this.#state = { kind: 'up' }
    this.#options.recorder.event({ kind: 'up', downMs })
    for (const wake of this.#waiters.splice(0)) wake()
  }
}
