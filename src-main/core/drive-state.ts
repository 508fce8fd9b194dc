import type { SerializedError } from '../shared/errors.ts'

export const preparingSteps = ['checking', 'starting-front', 'mounting'] as const
export type PreparingStep = (typeof preparingSteps)[number]

/** What a mounted drive lacks: `front-stalled` waits for its backend, `front-down` has nobody to answer until it is started again. */
export type Degradation = 'front-stalled' | 'front-down'

export type DriveState =
  | { readonly kind: 'unmounted' }
  | { readonly kind: 'preparing'; readonly step: PreparingStep }
  | { readonly kind: 'mounted'; readonly path: string; readonly degraded?: Degradation }
  | { readonly kind: 'unmounting' }
  | { readonly kind: 'failed'; readonly error: SerializedError }

export type DriveEvent =
  | { readonly type: 'mount-requested' }
  | { readonly type: 'step-started'; readonly step: PreparingStep }
  | { readonly type: 'mount-done'; readonly path: string }
  | { readonly type: 'front-stalled' }
  | { readonly type: 'front-recovered' }
  | { readonly type: 'front-down' }
  | { readonly type: 'unmount-requested' }
  | { readonly type: 'unmount-done' }
  /** An unmount was refused (files in use): the volume is still there. */
  | { readonly type: 'unmount-refused'; readonly path: string }
  /** The mount table no longer has the volume: ejected in Finder, or its client gave up. */
  | { readonly type: 'volume-gone' }
  | { readonly type: 'failed'; readonly error: SerializedError }

/** The state after `event`; the very same object when the event does not apply, so that the caller can log it. */
export declare function next(state: DriveState, event: DriveEvent): DriveState
