import type { DriveState, PreparingStep } from '../shared/drive-state.ts'
import type { SerializedError } from '../shared/errors.ts'

export type DriveEvent =
  | { readonly type: 'mount-requested' }
  | { readonly type: 'step-started'; readonly step: PreparingStep }
  | { readonly type: 'mount-done'; readonly path: string }
  | { readonly type: 'front-stalled' }
  | { readonly type: 'front-recovered' }
  | { readonly type: 'front-down' }
  | { readonly type: 'unmount-requested' }
  /** The volume has gone, and uploads are still pending. */
  | { readonly type: 'delivery-started' }
  | { readonly type: 'unmount-done' }
  /** An unmount was refused (files in use): the volume is still there. */
  | { readonly type: 'unmount-refused'; readonly path: string }
  /** The mount table no longer has the volume: ejected in Finder, or its client gave up. */
  | { readonly type: 'volume-gone' }
  | { readonly type: 'failed'; readonly error: SerializedError }

type StateOf<K extends DriveState['kind']> = Extract<DriveState, { kind: K }>
type EventOf<T extends DriveEvent['type']> = Extract<DriveEvent, { type: T }>

/** What each event makes of each state; an event that is not in a state's row does not apply to it. */
type Transitions = {
  readonly [K in DriveState['kind']]: {
    readonly [T in DriveEvent['type']]?: (event: EventOf<T>, state: StateOf<K>) => DriveState
  }
}

const prepare = (): DriveState => ({ kind: 'preparing', step: 'checking' })
const mounted = ({ path }: { readonly path: string }): DriveState => ({ kind: 'mounted', path })
const unmounting = (): DriveState => ({ kind: 'unmounting' })
const delivering = (): DriveState => ({ kind: 'delivering' })
const unmounted = (): DriveState => ({ kind: 'unmounted' })
const failed = ({ error }: EventOf<'failed'>): DriveState => ({ kind: 'failed', error })

const transitions: Transitions = {
  unmounted: {
    'mount-requested': prepare,
    // Found mounted: another process did it, or this one has just started.
    'mount-done': mounted,
    failed,
  },
  preparing: {
    'step-started': ({ step }, state) => (step === state.step ? state : { kind: 'preparing', step }),
    'mount-done': mounted,
    'unmount-requested': unmounting,
    failed,
  },
  mounted: {
    // A front that is down cannot stall: a late report of it must not look like progress.
    'front-stalled': (_, state) =>
      state.degraded === undefined ? { ...state, degraded: 'front-stalled' } : state,
    'front-down': (_, state) =>
      state.degraded === 'front-down' ? state : { ...state, degraded: 'front-down' },
    'front-recovered': (_, state) => (state.degraded === undefined ? state : mounted(state)),
    'unmount-requested': unmounting,
    'delivery-started': delivering,
    'volume-gone': unmounted,
    failed,
  },
  unmounting: {
    'delivery-started': delivering,
    'unmount-done': unmounted,
    'volume-gone': unmounted,
    'unmount-refused': mounted,
    failed,
  },
  delivering: {
    'unmount-done': unmounted,
    'volume-gone': unmounted,
  },
  failed: {
    'mount-requested': prepare,
    'mount-done': mounted,
    // Clears the failure away.
    'unmount-done': unmounted,
    failed,
  },
}

/** The state after `event`; the very same object when the event does not apply, so that the caller can log it. */
export function next(state: DriveState, event: DriveEvent): DriveState {
  // The table pairs each state and event with its own handler; TypeScript cannot follow both look-ups at once.
  const row = transitions[state.kind] as Partial<
    Record<DriveEvent['type'], (event: DriveEvent, state: DriveState) => DriveState>
  >
  return row[event.type]?.(event, state) ?? state
}
