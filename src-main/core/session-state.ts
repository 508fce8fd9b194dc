import type { SerializedError } from '../shared/errors.ts'
import { failureKindOf } from './session-failure.ts'

/** What a person is asked for while a session waits for them. Never the answer. */
export type Approval =
  | { readonly kind: 'browser' }
  | { readonly kind: 'device'; readonly userCode: string; readonly verificationUrl: string }
  | { readonly kind: 'mfa'; readonly serial: string }

export type SettledSessionState =
  /** Nobody has signed in, or no longer; `error` says what an attempt without a person met. */
  | { readonly kind: 'signed-out'; readonly error?: SerializedError }
  /** `expiresAtMs` is absent for keys that do not end. `trouble`: the last renewal failed, and the next may not. */
  | { readonly kind: 'valid'; readonly expiresAtMs?: number; readonly trouble?: SerializedError }
  /** Still good, and nothing but a person can make it last. */
  | { readonly kind: 'expiring'; readonly expiresAtMs: number; readonly error: SerializedError }
  | { readonly kind: 'expired'; readonly error: SerializedError }
  | { readonly kind: 'failed'; readonly error: SerializedError }

export type SessionState =
  | SettledSessionState
  /** `before` is what it goes back to when nobody approves; drives keep working with a session that is still good. */
  | {
      readonly kind: 'awaiting-approval'
      readonly approval: Approval
      readonly before: SettledSessionState
    }

export type SessionEvent =
  | { readonly type: 'approval-asked'; readonly approval: Approval }
  | { readonly type: 'approval-dropped' }
  | { readonly type: 'obtained'; readonly expiresAtMs?: number }
  | { readonly type: 'renewal-failed'; readonly error: SerializedError }
  /** AWS takes the credentials no longer, whatever their own end says. */
  | { readonly type: 'refused'; readonly error: SerializedError }
  /** The end of the credentials has come. */
  | { readonly type: 'ended' }
  | { readonly type: 'signed-out' }

const endedByTime: SerializedError = { code: 'session-expired', args: {} }

/** The state after `event`; the very same object when nothing changes. */
export function nextSessionState(state: SessionState, event: SessionEvent): SessionState {
  switch (event.type) {
    case 'approval-asked':
      return { kind: 'awaiting-approval', approval: event.approval, before: settled(state) }
    case 'approval-dropped':
      return settled(state)
    case 'obtained':
      return event.expiresAtMs === undefined
        ? { kind: 'valid' }
        : { kind: 'valid', expiresAtMs: event.expiresAtMs }
    case 'renewal-failed':
      return afterFailure(settled(state), event.error)
    case 'refused':
      return within(state, (before) =>
        before.kind === 'valid' || before.kind === 'expiring'
          ? { kind: 'expired', error: event.error }
          : before,
      )
    case 'ended':
      return within(state, afterEnd)
    case 'signed-out':
      return state.kind === 'signed-out' && state.error === undefined ? state : { kind: 'signed-out' }
  }
}

/** How much earlier a person is told, in minutes, the earliest first. */
export const noticeMinutes = [15, 5] as const
export type NoticeMinutes = (typeof noticeMinutes)[number]

/**
 * What a person should be told now about a session that ends without them: the latest notice whose time has come, unless it or a later
 * one was given. A machine that woke in the last minutes gives one notice, and not all it has slept over.
 * @param lastGiven the last notice about the same end.
 */
export function noticeDue(
  state: SessionState,
  nowMs: number,
  lastGiven: NoticeMinutes | undefined,
): NoticeMinutes | undefined {
  if (state.kind !== 'expiring' || nowMs >= state.expiresAtMs) return undefined
  const due = noticeMinutes.findLast((minutes) => nowMs >= noticeTime(state.expiresAtMs, minutes))
  if (due === undefined || (lastGiven !== undefined && lastGiven <= due)) return undefined
  return due
}

/** When to look again at a state that changes by itself; `undefined` for one that does not. */
export function nextMoment(state: SessionState, nowMs: number): number | undefined {
  const { expiresAtMs, kind } = endOf(settled(state))
  if (expiresAtMs === undefined) return undefined
  const notices = kind === 'expiring' ? noticeMinutes.map((minutes) => noticeTime(expiresAtMs, minutes)) : []
  return [...notices, expiresAtMs].find((momentMs) => momentMs > nowMs) ?? expiresAtMs
}

function endOf(state: SettledSessionState): {
  readonly kind: SettledSessionState['kind']
  readonly expiresAtMs?: number
} {
  return state.kind === 'valid' || state.kind === 'expiring' ? state : { kind: state.kind }
}

function noticeTime(expiresAtMs: number, minutes: NoticeMinutes): number {
  return expiresAtMs - minutes * 60_000
}

function settled(state: SessionState): SettledSessionState {
  return state.kind === 'awaiting-approval' ? state.before : state
}

/** What happens while a person is asked changes what the session goes back to, and leaves the question open. */
function within(
  state: SessionState,
  change: (before: SettledSessionState) => SettledSessionState,
): SessionState {
  if (state.kind !== 'awaiting-approval') return change(state)
  const before = change(state.before)
  return before === state.before ? state : { ...state, before }
}

function afterFailure(state: SettledSessionState, error: SerializedError): SettledSessionState {
  const kind = failureKindOf(error.code)
  switch (state.kind) {
    case 'valid':
      if (kind === 'passing') return isSame(state.trouble, error) ? state : { ...state, trouble: error }
      return state.expiresAtMs === undefined
        ? { kind: 'failed', error }
        : { kind: 'expiring', expiresAtMs: state.expiresAtMs, error }
    case 'expiring':
    case 'expired':
      // A network that comes and goes does not change what a person has to do.
      return kind === 'passing' || isSame(state.error, error) ? state : { ...state, error }
    case 'signed-out':
    case 'failed': {
      const after = kind === 'sign-in' ? 'signed-out' : 'failed'
      return state.kind === after && isSame(state.error, error) ? state : { kind: after, error }
    }
  }
}

/** Attempts that fail again and again are no news. */
function isSame(before: SerializedError | undefined, after: SerializedError): boolean {
  return before?.code === after.code && JSON.stringify(before.args) === JSON.stringify(after.args)
}

function afterEnd(state: SettledSessionState): SettledSessionState {
  if (state.kind === 'valid') return { kind: 'expired', error: state.trouble ?? endedByTime }
  if (state.kind === 'expiring') return { kind: 'expired', error: state.error }
  return state
}
