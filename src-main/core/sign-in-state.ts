import type { SerializedError } from '../shared/errors.ts'

/** `browser`: authorization code with PKCE, back to this machine. `device`: a code that is typed in on any machine. */
export type SignInMethod = 'browser' | 'device'

/** What a person enters, where, and how often AWS wants to be asked whether they have. */
export interface DeviceCode {
  readonly userCode: string
  readonly verificationUrl: string
  /** The same page with the code filled in. */
  readonly completeUrl: string
  readonly intervalMs: number
  readonly validForMs: number
}

/** Shared by the states under way. `freshClient`: the client was registered for this very sign-in. */
interface Attempt {
  readonly method: SignInMethod
  readonly freshClient: boolean
}

/** A sign-in from the first step to its end. Nothing in it is secret. Moments are of the monotonic clock. */
export type SignInState =
  /** The client this program is to AWS is looked up, or registered. */
  | ({ readonly kind: 'registering' } & Attempt)
  /** What a person needs is prepared: a listener and an open browser, or a code. */
  | ({ readonly kind: 'asking' } & Attempt)
  | ({ readonly kind: 'awaiting-browser'; readonly url: string; readonly endsAtMs: number } & Attempt)
  | ({
      readonly kind: 'awaiting-device'
      readonly code: DeviceCode
      readonly intervalMs: number
      readonly troubles: number
      readonly pollAtMs: number
      readonly endsAtMs: number
    } & Attempt)
  /** A person has approved; the code is being exchanged. */
  | ({ readonly kind: 'exchanging' } & Attempt)
  | { readonly kind: 'signed-in'; readonly expiresAtMs: number }
  | { readonly kind: 'failed'; readonly error: SerializedError }

/** What AWS says instead of what was asked for. `passing`: the same may work in a moment. */
export interface Refusal {
  readonly kind: 'pending' | 'slow-down' | 'client-rejected' | 'method-unsupported' | 'passing' | 'final'
  /** What it comes to where nothing can be done about it. */
  readonly error: SerializedError
}

export type SignInEvent =
  | { readonly type: 'registered' }
  | { readonly type: 'browser-opened'; readonly url: string; readonly nowMs: number }
  /** No browser here, or no way for it to come back to this program. */
  | { readonly type: 'browser-unavailable' }
  | { readonly type: 'device-asked'; readonly code: DeviceCode; readonly nowMs: number }
  | { readonly type: 'code-received' }
  | { readonly type: 'refused'; readonly refusal: Refusal; readonly nowMs: number }
  | { readonly type: 'time-over' }
  | { readonly type: 'token-received'; readonly expiresAtMs: number }

/** As long as AWS's own command waits. */
const browserLimitMs = 10 * 60_000
/** RFC 8628, 3.5. */
const slowDownByMs = 5_000
const longestPauseMs = 60_000

export function startSignIn(method: SignInMethod): SignInState {
  return { kind: 'registering', method, freshClient: false }
}

/** The state after `event`; the very same object when the event does not apply. */
export function nextSignInState(state: SignInState, event: SignInEvent): SignInState {
  if (state.kind === 'signed-in' || state.kind === 'failed') return state
  const { method, freshClient } = state
  const attempt = { method, freshClient }
  switch (event.type) {
    case 'registered':
      return state.kind === 'registering' ? { kind: 'asking', ...attempt } : state
    case 'browser-opened':
      if (state.kind !== 'asking' || method !== 'browser') return state
      return { kind: 'awaiting-browser', ...attempt, url: event.url, endsAtMs: event.nowMs + browserLimitMs }
    case 'browser-unavailable':
      return state.kind === 'asking' && method === 'browser' ? startSignIn('device') : state
    case 'device-asked':
      if (state.kind !== 'asking' || method !== 'device') return state
      return {
        kind: 'awaiting-device',
        ...attempt,
        code: event.code,
        intervalMs: event.code.intervalMs,
        troubles: 0,
        pollAtMs: event.nowMs + event.code.intervalMs,
        endsAtMs: event.nowMs + event.code.validForMs,
      }
    case 'code-received':
      return state.kind === 'awaiting-browser' ? { kind: 'exchanging', ...attempt } : state
    case 'refused':
      return afterRefusal(state, event.refusal, event.nowMs)
    case 'time-over':
      return state.kind === 'awaiting-browser' ? timedOut : state
    case 'token-received':
      return state.kind === 'exchanging' || state.kind === 'awaiting-device'
        ? { kind: 'signed-in', expiresAtMs: event.expiresAtMs }
        : state
  }
}

type UnderWay = Exclude<SignInState, { kind: 'signed-in' | 'failed' }>
type AwaitingDevice = Extract<SignInState, { kind: 'awaiting-device' }>

const timedOut: SignInState = { kind: 'failed', error: { code: 'sign-in-timeout', args: {} } }

function afterRefusal(state: UnderWay, refusal: Refusal, nowMs: number): SignInState {
  switch (refusal.kind) {
    case 'pending':
      return state.kind === 'awaiting-device'
        ? pollAgain({ ...state, troubles: 0 }, nowMs)
        : { kind: 'failed', error: refusal.error }
    case 'slow-down':
      return state.kind === 'awaiting-device'
        ? pollAgain({ ...state, troubles: 0, intervalMs: state.intervalMs + slowDownByMs }, nowMs)
        : { kind: 'failed', error: refusal.error }
    case 'client-rejected':
      // A registration can be revoked before its time; one that is new cannot be outdated.
      return state.freshClient
        ? { kind: 'failed', error: refusal.error }
        : { kind: 'registering', method: state.method, freshClient: true }
    case 'method-unsupported':
      return state.method === 'browser' ? startSignIn('device') : { kind: 'failed', error: refusal.error }
    case 'passing':
      return state.kind === 'awaiting-device'
        ? pollAgain({ ...state, troubles: state.troubles + 1 }, nowMs)
        : { kind: 'failed', error: refusal.error }
    case 'final':
      return { kind: 'failed', error: refusal.error }
  }
}

/** Never sooner than AWS wants, later with each time in a row that it did not answer, and not beyond the code's end. */
function pollAgain(state: AwaitingDevice, nowMs: number): SignInState {
  const pauseMs = Math.max(state.intervalMs, Math.min(state.intervalMs * 2 ** state.troubles, longestPauseMs))
  const pollAtMs = nowMs + pauseMs
  return pollAtMs < state.endsAtMs ? { ...state, pollAtMs } : timedOut
}
