import type { SerializedError } from '../shared/errors.ts'

/** What is done before the agent can speak for itself. */
export type BridgeStep = 'pulling' | 'building' | 'creating' | 'starting'

/**
 * `error` of `connecting` and `stalled` says what stands in the way at the moment. `failed` with `willRetry` is a bridge that comes back by
 * itself: its containers or its engine have gone, or the agent has found no way in and looks again now and then.
 */
export type BridgeState =
  | { readonly kind: 'absent' }
  | { readonly kind: 'pulling'; readonly detail?: string }
  | { readonly kind: 'building'; readonly detail?: string }
  | { readonly kind: 'creating' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'connecting'; readonly error?: SerializedError }
  | { readonly kind: 'ready' }
  | { readonly kind: 'stalled'; readonly error?: SerializedError }
  | { readonly kind: 'stopping' }
  | { readonly kind: 'failed'; readonly error: SerializedError; readonly willRetry: boolean }

export type BridgeEvent =
  | { readonly type: 'step-started'; readonly step: BridgeStep }
  /** What a build or pull is at. */
  | { readonly type: 'progressed'; readonly detail: string }
  | { readonly type: 'agent-connecting'; readonly error?: SerializedError }
  | { readonly type: 'agent-ready' }
  | { readonly type: 'agent-stalled'; readonly error?: SerializedError }
  | { readonly type: 'agent-failed'; readonly error: SerializedError }
  /** Containers or engine are gone; they are made anew. */
  | { readonly type: 'lost'; readonly error: SerializedError }
  /** The first start came to nothing, and nothing is left of it. */
  | { readonly type: 'failed'; readonly error: SerializedError }
  | { readonly type: 'stop-requested' }
  | { readonly type: 'stopped' }

type StateOf<K extends BridgeState['kind']> = Extract<BridgeState, { kind: K }>
type EventOf<T extends BridgeEvent['type']> = Extract<BridgeEvent, { type: T }>

/** What each event makes of each state; an event that is not in a state's row does not apply to it. */
type Transitions = {
  readonly [K in BridgeState['kind']]: {
    readonly [T in BridgeEvent['type']]?: (event: EventOf<T>, state: StateOf<K>) => BridgeState
  }
}

const step = ({ step: kind }: EventOf<'step-started'>): BridgeState => ({ kind })
const failed = ({ error }: EventOf<'failed'>): BridgeState => ({ kind: 'failed', error, willRetry: false })
const lost = ({ error }: { readonly error: SerializedError }): BridgeState => ({
  kind: 'failed',
  error,
  willRetry: true,
})
const stopping = (): BridgeState => ({ kind: 'stopping' })
const absent = (): BridgeState => ({ kind: 'absent' })

/** What may happen at any time between the first step and the end. */
const always = { failed, lost, 'stop-requested': stopping } as const

/** What an agent says of itself; nothing changes when it says the same again. */
const heard = {
  'agent-connecting': ({ error }: EventOf<'agent-connecting'>, state: BridgeState): BridgeState =>
    same(state, 'connecting', error)
      ? state
      : { kind: 'connecting', ...(error === undefined ? {} : { error }) },
  'agent-ready': (_: EventOf<'agent-ready'>, state: BridgeState): BridgeState =>
    state.kind === 'ready' ? state : { kind: 'ready' },
  'agent-stalled': ({ error }: EventOf<'agent-stalled'>, state: BridgeState): BridgeState =>
    same(state, 'stalled', error) ? state : { kind: 'stalled', ...(error === undefined ? {} : { error }) },
  'agent-failed': ({ error }: EventOf<'agent-failed'>, state: BridgeState): BridgeState =>
    same(state, 'failed', error) ? state : lost({ error }),
} as const

const preparing = { ...always, 'step-started': step } as const
const progressing = {
  ...preparing,
  progressed: ({ detail }: EventOf<'progressed'>, state: StateOf<'pulling' | 'building'>): BridgeState =>
    state.detail === detail ? state : { kind: state.kind, detail },
} as const

const transitions: Transitions = {
  absent: { 'step-started': step, failed },
  pulling: progressing,
  building: progressing,
  creating: preparing,
  starting: { ...preparing, ...heard },
  connecting: { ...always, ...heard },
  ready: { ...always, ...heard },
  stalled: { ...always, ...heard },
  failed: { ...always, ...heard, 'step-started': step },
  stopping: { stopped: absent },
}

/** The state after `event`; the very same object when the event does not apply or says nothing new. */
export function nextBridgeState(state: BridgeState, event: BridgeEvent): BridgeState {
  // The table pairs each state and event with its own handler; TypeScript cannot follow both look-ups at once.
  const row = transitions[state.kind] as Partial<
    Record<BridgeEvent['type'], (event: BridgeEvent, state: BridgeState) => BridgeState>
  >
  return row[event.type]?.(event, state) ?? state
}

function same(state: BridgeState, kind: BridgeState['kind'], error: SerializedError | undefined): boolean {
  return state.kind === kind && 'error' in state
    ? JSON.stringify(state.error) === JSON.stringify(error)
    : state.kind === kind && error === undefined
}
