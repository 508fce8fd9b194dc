/**
 * How the backend answers. `slow`: late or with failures. `stalled`: not at all. `down`: known to be unreachable, or silent for longer
 * than any client waits. Times are monotonic milliseconds.
 */
export type HealthState =
  | {
      readonly kind: 'ok'
      readonly sinceMs: number
      /** Bad answers in a row. */
      readonly bad: number
    }
  | {
      readonly kind: 'slow'
      readonly sinceMs: number
      /** Good answers in a row. */
      readonly good: number
    }
  | {
      readonly kind: 'stalled' | 'down'
      readonly sinceMs: number
      /** What was asked when the silence was noticed. */
      readonly operation: string
    }

export type HealthKind = HealthState['kind']

export type HealthEvent =
  /** An answer, a refusal too. `tookMs` is undefined for a call whose length says nothing: bytes take as long as they take. */
  | { readonly type: 'answered'; readonly tookMs: number | undefined }
  /** The backend says that it cannot do its work, to a client's call or to the probe. */
  | { readonly type: 'failed'; readonly by: 'client' | 'probe'; readonly operation: string }
  /** No call has been answered for longer than a healthy backend takes. */
  | { readonly type: 'silent'; readonly operation: string }

/** The backend is 10-40 ms away; a call without bytes that takes this long is felt. */
export const lateMs = 2_000
/** One late or failed answer is every-day business, and one good one is no recovery. */
const inARow = 3
/** From then on a client that waits has given up. */
const downAfterMs = 60_000

export const initialHealth: HealthState = { kind: 'ok', sinceMs: 0, bad: 0 }

/** True while waiting for the backend is likely to be in vain. */
export function isSilent(state: HealthState): state is Extract<HealthState, { kind: 'stalled' | 'down' }> {
  return state.kind === 'stalled' || state.kind === 'down'
}

/** The state after `event` at `nowMs`; the same object when it changes nothing. */
export function nextHealth(state: HealthState, event: HealthEvent, nowMs: number): HealthState {
  switch (event.type) {
    case 'answered':
      return afterAnswer(state, isLate(state, event.tookMs, nowMs), nowMs)
    case 'failed':
      return afterFailure(state, event, nowMs)
    case 'silent':
      return afterSilence(state, event.operation, nowMs)
  }
}

/** What was asked before the state began was late because of what is over now. */
function isLate(state: HealthState, tookMs: number | undefined, nowMs: number): boolean {
  return tookMs !== undefined && tookMs >= lateMs && nowMs - tookMs >= state.sinceMs
}

function afterAnswer(state: HealthState, late: boolean, nowMs: number): HealthState {
  switch (state.kind) {
    case 'ok':
      return late ? worse(state, nowMs) : state.bad === 0 ? state : { ...state, bad: 0 }
    case 'slow':
      if (late) return state.good === 0 ? state : { ...state, good: 0 }
      return state.good + 1 < inARow ? { ...state, good: state.good + 1 } : ok(nowMs)
    case 'stalled':
    case 'down':
      return ok(nowMs)
  }
}

function afterFailure(
  state: HealthState,
  { by, operation }: Extract<HealthEvent, { type: 'failed' }>,
  nowMs: number,
): HealthState {
  switch (state.kind) {
    case 'ok':
      return worse(state, nowMs)
    case 'slow':
      // A client may have met the one file that cannot be read; the probe asks for nothing in particular.
      if (by === 'probe') return { kind: 'down', sinceMs: nowMs, operation }
      return state.good === 0 ? state : { ...state, good: 0 }
    case 'stalled':
      return by === 'probe' ? { ...state, kind: 'down' } : state
    case 'down':
      return state
  }
}

function afterSilence(state: HealthState, operation: string, nowMs: number): HealthState {
  switch (state.kind) {
    case 'ok':
    case 'slow':
      return { kind: 'stalled', sinceMs: nowMs, operation }
    case 'stalled':
      return nowMs - state.sinceMs < downAfterMs ? state : { ...state, kind: 'down' }
    case 'down':
      return state
  }
}

function worse(state: Extract<HealthState, { kind: 'ok' }>, nowMs: number): HealthState {
  return state.bad + 1 < inARow ? { ...state, bad: state.bad + 1 } : { kind: 'slow', sinceMs: nowMs, good: 0 }
}

function ok(sinceMs: number): HealthState {
  return { kind: 'ok', sinceMs, bad: 0 }
}
