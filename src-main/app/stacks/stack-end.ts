import type { StackRef } from '../../shared/app/stacks.ts'
import type { SerializedError } from '../../shared/errors.ts'
import { signInCodes, type StackWork } from './stack-work.ts'

/** How a deployment ended; `error` is why it failed. */
export interface StackEnd {
  readonly ref: StackRef
  readonly error?: SerializedError
}

/** Nothing of one that goes on, that nobody has followed, or that only a sign-in keeps from being followed. */
export function stackEndOf({ view, isWatched }: Pick<StackWork, 'view' | 'isWatched'>): StackEnd | undefined {
  const { ref, state } = view
  if (!isWatched) return undefined
  if (state.kind === 'deployed') return { ref }
  if (state.kind !== 'failed' || signInCodes.includes(state.error.code)) return undefined
  return { ref, error: state.error }
}
