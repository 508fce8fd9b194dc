import type { Clock, Timer } from '../../../lib/clock.ts'
import { createEmitter, type Event } from '../../../lib/event.ts'
import { isAppError } from '../../../shared/errors.ts'
import {
  initialHealth,
  isSilent,
  nextHealth,
  type HealthEvent,
  type HealthKind,
  type HealthState,
} from './health-state.ts'
import { probeOnce, probeRepeatedly, type ProbeOptions } from './probe.ts'

export interface HealthReports {
  readonly onHealth?: ((kind: HealthKind) => void) | undefined
  /** The backend has gone silent (or answers nothing but failures) while `operation` was asked. Not repeated until recovered. */
  readonly onStalled?: ((operation: string) => void) | undefined
  /** It answers again, `afterMs` after the silence was noticed. */
  readonly onRecovered?: ((afterMs: number) => void) | undefined
}

/** One call to the backend, as its health sees it. It is over with the first of these; what comes after counts no more. */
export interface WatchedCall {
  answered(): void
  /** Refusals are answers too; what the caller itself has called off says nothing. */
  failed(error: unknown): void
  /** We gave it up, `limitMs` after it last showed anything. */
  overran(limitMs: number): void
}

/** A quick call is suspicious when neither it nor any other has been answered for so long. */
const suspicionMs = 5_000
/** Stands for a method where a silence was not noticed but told. */
const absentOperation = 'bridge'

/**
 * Whether the backend answers, as its calls show. Where they leave a doubt (one hangs and nothing else is asked), a question
 * of our own decides, and while the backend is not well it is asked again and again. Dispose it to end that.
 */
export class Health implements Disposable {
  readonly #clock: Clock
  readonly #ping: (signal: AbortSignal) => Promise<unknown>
  readonly #reports: HealthReports
  readonly #stalls = createEmitter<undefined>()
  readonly #recoveries = createEmitter<undefined>()
  readonly #lifetime = new AbortController()
  #state: HealthState = initialHealth
  #lastAnswerMs: number
  #isChecking = false
  #probing: AbortController | undefined

  /** `ping` is the cheapest question that the backend cannot answer from memory. */
  constructor(clock: Clock, ping: (signal: AbortSignal) => Promise<unknown>, reports: HealthReports = {}) {
    this.#clock = clock
    this.#ping = ping
    this.#reports = reports
    this.#lastAnswerMs = clock.monotonicMs()
  }

  get kind(): HealthKind {
    return this.#state.kind
  }

  /** True while waiting for the backend is likely to be in vain. */
  get isStalled(): boolean {
    return isSilent(this.#state)
  }

  /** When the present silence began, monotonic; undefined when there is none. */
  get silentSinceMs(): number | undefined {
    return isSilent(this.#state) ? this.#state.sinceMs : undefined
  }

  /** Fires when a silence is noticed … */
  get stalls(): Event<undefined> {
    return this.#stalls
  }

  /** … and when it is over: whatever waits for the backend is best tried now. */
  get recoveries(): Event<undefined> {
    return this.#recoveries
  }

  /** `isQuick` is false for a call that moves bytes, or whose work has no bounds: its length says nothing. */
  watch(operation: string, isQuick: boolean): WatchedCall {
    const startedMs = this.#clock.monotonicMs()
    let timer: Timer | undefined
    const look = (): void => {
      const quietMs = this.#clock.monotonicMs() - Math.max(startedMs, this.#lastAnswerMs)
      const isSuspicious = quietMs >= suspicionMs
      if (isSuspicious) this.#check(operation)
      timer = this.#clock.setTimeout(look, isSuspicious ? suspicionMs : suspicionMs - quietMs).unref()
    }
    if (isQuick) timer = this.#clock.setTimeout(look, suspicionMs).unref()
    let isOver = false
    const end = (): boolean => {
      const isFirst = !isOver
      isOver = true
      timer?.[Symbol.dispose]()
      return isFirst
    }
    const noteAnswer = (): void => {
      const nowMs = this.#clock.monotonicMs()
      this.#note({ type: 'answered', tookMs: isQuick ? nowMs - startedMs : undefined })
    }
    return {
      answered: () => {
        if (end()) noteAnswer()
      },
      failed: (error) => {
        if (!end()) return
        if (isAppError(error, 'backend-failed')) this.#note({ type: 'failed', by: 'client', operation })
        else if (isAppError(error, 'stalled')) this.#note({ type: 'silent', operation })
        else if (isAppError(error) && error.code !== 'cancelled' && error.code !== 'body-incomplete')
          noteAnswer()
      },
      overran: (limitMs) => {
        if (!end()) return
        // Others are answered: it may be this one file.
        if (this.#clock.monotonicMs() - this.#lastAnswerMs < limitMs) this.#check(operation)
        else this.#note({ type: 'silent', operation })
      },
    }
  }

  /** Asks at once, whatever has been asked before: the connection that it went over may be gone without a word. */
  wake(): void {
    if (this.#lifetime.signal.aborted) return
    if (this.#probing === undefined) this.#check('statfs')
    else this.#probeAgain(0)
  }

  /**
   * Somebody who knows says that the backend is gone, or has come: nobody has to find that out by waiting. Gone, it is waited for no more
   * than one that is silent; come, it is taken for well until it shows otherwise.
   */
  hearPresence(isThere: boolean): void {
    this.#note(
      isThere ? { type: 'answered', tookMs: undefined } : { type: 'silent', operation: absentOperation },
    )
  }

  [Symbol.dispose](): void {
    this.#lifetime.abort()
    this.#probing?.abort()
  }

  /** Asks once, unless that is being done already. */
  #check(operation: string): void {
    if (this.#isChecking || this.#probing !== undefined) return
    this.#isChecking = true
    void probeOnce(this.#probeUntil(this.#lifetime.signal, operation)).finally(() => {
      this.#isChecking = false
    })
  }

  #note(event: HealthEvent): void {
    const nowMs = this.#clock.monotonicMs()
    if (event.type === 'answered') this.#lastAnswerMs = nowMs
    const before = this.#state
    this.#state = nextHealth(before, event, nowMs)
    if (before.kind !== this.#state.kind && !this.#lifetime.signal.aborted) this.#tell(before, this.#state)
  }

  #tell(before: HealthState, after: HealthState): void {
    this.#reports.onHealth?.(after.kind)
    if (after.kind === 'ok') {
      this.#probing?.abort()
      this.#probing = undefined
    } else if (this.#probing === undefined) {
      this.#probeAgain()
    }
    if (!isSilent(before) && isSilent(after)) {
      this.#stalls.fire(undefined)
      this.#reports.onStalled?.(after.operation)
    }
    if (isSilent(before) && !isSilent(after)) {
      this.#recoveries.fire(undefined)
      this.#reports.onRecovered?.(this.#clock.monotonicMs() - before.sinceMs)
    }
  }

  #probeAgain(firstPauseMs?: number): void {
    this.#probing?.abort()
    this.#probing = new AbortController()
    void probeRepeatedly(this.#probeUntil(this.#probing.signal, 'statfs'), firstPauseMs)
  }

  #probeUntil(signal: AbortSignal, operation: string): ProbeOptions {
    const hear = (event: HealthEvent): void => this.#note(event)
    return { clock: this.#clock, ping: this.#ping, hear, signal, operation }
  }
}
