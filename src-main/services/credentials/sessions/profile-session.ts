import { failureKindOf } from '../../../core/session-failure.ts'
import { isUsable, nextAttempt, type Failures } from '../../../core/session-schedule.ts'
import {
  nextMoment,
  nextSessionState,
  noticeDue,
  type NoticeMinutes,
  type SessionEvent,
  type SessionState,
} from '../../../core/session-state.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Logger } from '../../../lib/logger.ts'
import { SingleFlight } from '../../../lib/single-flight.ts'
import { toAppError, type AppError } from '../../../shared/errors.ts'
import type { AskMfaCode } from '../ports.ts'
import type { ObtainSession } from './obtain-session.ts'
import { isSameKey, type Session } from './session.ts'

export interface ProfileSessionOptions {
  readonly profile: string
  readonly obtain: ObtainSession
  readonly clock: Clock
  readonly log: Logger
  readonly random: () => number
  readonly onState: (state: SessionState) => void
  readonly onNotice: (minutes: NoticeMinutes, expiresAtMs: number) => void
  readonly onObtained: (session: Session) => void
}

/** How far a caller will go for a session. */
export interface SessionWish {
  /** Renews one that has had half of its life, for what is to last; one that cannot be renewed will do. */
  readonly fresh?: boolean
  /** A person is here, and may be asked. Without it a failure is not repeated before its time. */
  readonly askMfaCode?: AskMfaCode
}

/** A timer of Node holds no more than 24.8 days, and a session of keys without an end asks for no timer at all. */
const longestTimerMs = 3_600_000

/** The session of one profile: what is held, what it is in, and when to look at it again. */
export class ProfileSession implements Disposable {
  readonly #options: ProfileSessionOptions
  readonly #flights = new SingleFlight<Session>()
  readonly #end = new AbortController()
  #session: Session | undefined
  #state: SessionState = { kind: 'signed-out' }
  #failures: Failures | undefined
  #lastError: AppError | undefined
  #spread: number
  #noticed: { readonly expiresAtMs: number; readonly minutes: NoticeMinutes } | undefined
  #keepers = 0
  #timer: Disposable | undefined
  #attempts = 0

  constructor(options: ProfileSessionOptions) {
    this.#options = options
    this.#spread = options.random()
  }

  get state(): SessionState {
    this.#noteEnd()
    return this.#state
  }

  get isRenewing(): boolean {
    return this.#attempts > 0
  }

  /** @throws AppError what stands in the way, when there is no session that is still good. */
  async get(signal: AbortSignal, { fresh = false, askMfaCode }: SessionWish): Promise<Session> {
    this.#noteEnd()
    const held = this.#usable()
    const isEnough = held !== undefined && !(fresh && this.#isHalfOver(held))
    if (isEnough && this.#attempt().kind === 'later' && askMfaCode === undefined) return held
    if (held !== undefined && askMfaCode !== undefined && !this.#isHalfOver(held)) return held
    if (askMfaCode === undefined && this.#isPaused()) {
      if (held !== undefined) return held
      if (this.#lastError !== undefined) throw this.#lastError
    }
    try {
      return await this.#renew(signal, askMfaCode)
    } catch (error) {
      const left = this.#usable()
      if (left === undefined || signal.aborted || askMfaCode !== undefined) throw error
      return left
    }
  }

  /** Renews in time for as long as the handle is not disposed, and tells what a person has to know. */
  keep(): Disposable {
    let isKept = true
    this.#keepers += 1
    this.look()
    return {
      [Symbol.dispose]: () => {
        if (isKept) this.#keepers -= 1
        isKept = false
        if (this.#keepers === 0) this.#timer?.[Symbol.dispose]()
      },
    }
  }

  /** AWS refused these credentials. Those that came after them are none the worse for it. */
  refused(session: Session, error: AppError): void {
    if (this.#session !== session) return
    this.#session = undefined
    this.#apply({ type: 'refused', error: error.toJSON() })
    this.hurry()
  }

  signedOut(): void {
    this.#session = undefined
    this.#failures = undefined
    this.#apply({ type: 'signed-out' })
  }

  /** What failed may succeed now: after a wake, a change of the network, a sign-in. */
  hurry(): void {
    this.#failures = undefined
    this.look()
  }

  /** Does what is due, and sets the timer for what comes next. Does nothing unless the session is kept. */
  look(): void {
    this.#timer?.[Symbol.dispose]()
    this.#noteEnd()
    if (this.#keepers === 0 || this.#end.signal.aborted) return
    this.#giveNotice()
    const attempt = this.#attempt()
    if (attempt.kind === 'now') {
      // Both outcomes end in another look.
      this.#renew(this.#end.signal, undefined).catch(() => undefined)
      return
    }
    const nowMs = this.#options.clock.now()
    const moment = nextMoment(this.#state, nowMs) ?? Infinity
    const delayMs = Math.min(attempt.atMs - nowMs, moment > nowMs ? moment - nowMs : Infinity, longestTimerMs)
    this.#timer = this.#options.clock.setTimeout(() => this.look(), delayMs).unref()
  }

  [Symbol.dispose](): void {
    this.#end.abort()
    this.#timer?.[Symbol.dispose]()
    this.#session = undefined
  }

  #renew(signal: AbortSignal, askMfaCode: AskMfaCode | undefined): Promise<Session> {
    // Who can be asked does not wait for an attempt that asks nobody, and would fail for that alone.
    const key = askMfaCode === undefined ? 'silent' : 'asking'
    return this.#flights.run(key, (flightSignal) => this.#obtain(flightSignal, askMfaCode), signal)
  }

  async #obtain(signal: AbortSignal, askMfaCode: AskMfaCode | undefined): Promise<Session> {
    const { profile, obtain, log } = this.#options
    this.#attempts += 1
    try {
      const session = await obtain(profile, signal, askMfaCode && this.#asking(askMfaCode))
      this.#take(session)
      log.info('credentials', 'session obtained', { profile, expiresAtMs: session.expiresAtMs })
      return session
    } catch (error) {
      if (signal.aborted) {
        // Nobody is left who wanted it: that says nothing about the session.
        this.#apply({ type: 'approval-dropped' })
        throw error
      }
      const failure = toAppError(error)
      log.warn('credentials', 'session not obtained', { profile, code: failure.code, error: failure })
      this.#noteFailure(failure)
      throw failure
    } finally {
      this.#attempts -= 1
    }
  }

  #take(session: Session): void {
    const { random, onObtained } = this.#options
    const isSame = this.#session !== undefined && isSameKey(this.#session, session)
    this.#session = session
    this.#failures = undefined
    this.#lastError = undefined
    this.#spread = random()
    const { expiresAtMs } = session
    this.#apply({ type: 'obtained', ...(expiresAtMs !== undefined && { expiresAtMs }) })
    if (!isSame) onObtained(session)
    this.look()
  }

  #noteFailure(error: AppError): void {
    const { clock } = this.#options
    const count = (this.#failures?.count ?? 0) + 1
    this.#failures = { count, lastAtMs: clock.now(), kind: failureKindOf(error.code) }
    this.#lastError = error
    this.#apply({ type: 'renewal-failed', error: error.toJSON() })
    this.look()
  }

  #asking(ask: AskMfaCode): AskMfaCode {
    return (question, signal) => {
      this.#apply({ type: 'approval-asked', approval: { kind: 'mfa', serial: question.serial } })
      return ask(question, signal)
    }
  }

  #attempt(): ReturnType<typeof nextAttempt> {
    return nextAttempt(this.#session, this.#failures, this.#options.clock.now(), this.#spread)
  }

  #isPaused(): boolean {
    const nowMs = this.#options.clock.now()
    return nextAttempt(undefined, this.#failures, nowMs, this.#spread).kind === 'later'
  }

  #usable(): Session | undefined {
    const session = this.#session
    return session !== undefined && isUsable(session, this.#options.clock.now()) ? session : undefined
  }

  #isHalfOver({ issuedAtMs, expiresAtMs }: Session): boolean {
    if (expiresAtMs === undefined) return false
    return this.#options.clock.now() - issuedAtMs >= (expiresAtMs - issuedAtMs) / 2
  }

  #noteEnd(): void {
    if (this.#session === undefined || this.#usable() !== undefined) return
    this.#session = undefined
    this.#apply({ type: 'ended' })
  }

  #giveNotice(): void {
    const state = this.#state
    if (state.kind !== 'expiring') return
    const { expiresAtMs } = state
    const last = this.#noticed?.expiresAtMs === expiresAtMs ? this.#noticed.minutes : undefined
    const minutes = noticeDue(state, this.#options.clock.now(), last)
    if (minutes === undefined) return
    this.#noticed = { expiresAtMs, minutes }
    this.#options.log.warn('credentials', 'session ends soon', { profile: this.#options.profile, minutes })
    this.#options.onNotice(minutes, expiresAtMs)
  }

  #apply(event: SessionEvent): void {
    const before = this.#state
    this.#state = nextSessionState(before, event)
    if (this.#state !== before) this.#options.onState(this.#state)
  }
}
