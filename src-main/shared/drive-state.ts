import type { SerializedError } from './errors.ts'

export const preparingSteps = [
  'checking',
  'preparing-image',
  'starting-bridge',
  'connecting',
  'starting-front',
  'mounting',
] as const
export type PreparingStep = (typeof preparingSteps)[number]

/** What a mounted drive lacks: `front-stalled` waits for its backend, `front-down` has nobody to answer until it is started again. */
export type Degradation = 'front-stalled' | 'front-down'

export type DriveState =
  | { readonly kind: 'unmounted' }
  | { readonly kind: 'preparing'; readonly step: PreparingStep }
  | { readonly kind: 'mounted'; readonly path: string; readonly degraded?: Degradation }
  | { readonly kind: 'unmounting' }
  /** The volume is gone; its front stays until what was saved has been delivered. */
  | { readonly kind: 'delivering' }
  | { readonly kind: 'failed'; readonly error: SerializedError }
