/** Whether the app may end now. `wait` waits until what was saved is delivered; `force` unmounts although files are in use. */
export type QuitState =
  | { readonly kind: 'running' }
  | { readonly kind: 'asking-pending' }
  | {
      readonly kind: 'stopping'
      readonly wait: boolean
      readonly force: boolean
      readonly isSystemsEnd: boolean
    }
  /** Asked to quit a second time while it waits; the waiting goes on. */
  | { readonly kind: 'asking-waiting' }
  | { readonly kind: 'asking-busy' }
  | { readonly kind: 'ended' }

export type QuitEvent =
  | { readonly kind: 'requested'; readonly pendingUploads: number }
  | { readonly kind: 'answered'; readonly answer: QuitAnswer }
  | { readonly kind: 'stopped'; readonly stillMounted: readonly string[] }
  /** Log out, restart, shut down: nobody is there to be asked, and there is little time. */
  | { readonly kind: 'system-ends' }

/** `now`: with what it costs, as the question says. */
export type QuitAnswer = 'wait' | 'now' | 'cancel'

export type QuitEffect =
  | { readonly kind: 'none' }
  | { readonly kind: 'ask-pending'; readonly pendingUploads: number }
  | { readonly kind: 'ask-waiting'; readonly pendingUploads: number }
  | { readonly kind: 'ask-busy'; readonly drives: readonly string[] }
  /** Takes the place of a stop that is under way. */
  | { readonly kind: 'stop'; readonly wait: boolean; readonly force: boolean; readonly limitMs: number }
  /** Calls off a stop that is under way. */
  | { readonly kind: 'stay' }
  | { readonly kind: 'end' }

export interface QuitStep {
  readonly state: QuitState
  readonly effect: QuitEffect
}

/** Unmounting, and what a front needs to close in order. */
const stopLimitMs = 20_000
/** As long as a night: whoever chose to wait has gone home. */
const waitLimitMs = 12 * 60 * 60_000
/** macOS grants an app some seconds. */
const systemLimitMs = 4_000

/** Quitting, one step at a time. An event that does not apply changes nothing. */
export function nextQuit(state: QuitState, event: QuitEvent): QuitStep {
  if (state.kind === 'ended') return stay(state)
  switch (event.kind) {
    case 'requested':
      return requested(state, event.pendingUploads)
    case 'answered':
      return answered(state, event.answer)
    case 'stopped':
      return stopped(state, event.stillMounted)
    case 'system-ends':
      return isSystemsEnd(state) ? stay(state) : stopping(false, false, systemLimitMs, true)
  }
}

function requested(state: QuitState, pendingUploads: number): QuitStep {
  if (state.kind === 'running') {
    if (pendingUploads === 0) return stopping(false, false)
    return { state: { kind: 'asking-pending' }, effect: { kind: 'ask-pending', pendingUploads } }
  }
  if (state.kind === 'stopping' && state.wait)
    return { state: { kind: 'asking-waiting' }, effect: { kind: 'ask-waiting', pendingUploads } }
  return stay(state)
}

function answered(state: QuitState, answer: QuitAnswer): QuitStep {
  switch (state.kind) {
    case 'asking-pending':
      if (answer === 'cancel') return { state: { kind: 'running' }, effect: { kind: 'none' } }
      return stopping(answer === 'wait', false)
    case 'asking-waiting':
      if (answer === 'wait') return { ...stopping(true, false), effect: { kind: 'none' } }
      if (answer === 'cancel') return { state: { kind: 'running' }, effect: { kind: 'stay' } }
      return stopping(false, false)
    case 'asking-busy':
      if (answer === 'now') return stopping(false, true)
      return { state: { kind: 'running' }, effect: { kind: 'none' } }
    case 'running':
    case 'stopping':
    case 'ended':
      return stay(state)
  }
}

function stopped(state: QuitState, stillMounted: readonly string[]): QuitStep {
  if (state.kind !== 'stopping' && state.kind !== 'asking-waiting') return stay(state)
  const isLast = state.kind === 'stopping' && (state.force || state.isSystemsEnd)
  if (stillMounted.length === 0 || isLast) return { state: { kind: 'ended' }, effect: { kind: 'end' } }
  return { state: { kind: 'asking-busy' }, effect: { kind: 'ask-busy', drives: stillMounted } }
}

function stopping(
  wait: boolean,
  force: boolean,
  limitMs = wait ? waitLimitMs : stopLimitMs,
  isSystemsEnd = false,
): QuitStep {
  return {
    state: { kind: 'stopping', wait, force, isSystemsEnd },
    effect: { kind: 'stop', wait, force, limitMs },
  }
}

function isSystemsEnd(state: QuitState): boolean {
  return state.kind === 'stopping' && state.isSystemsEnd
}

function stay(state: QuitState): QuitStep {
  return { state, effect: { kind: 'none' } }
}
