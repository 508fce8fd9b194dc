import type { IdentitySource } from '../../services/bridge/ports.ts'
import { toAppError, type AppError, type SerializedError } from '../../shared/errors.ts'

/** A source of identities that knows more about a bridge's error than the bridge. */
export interface WatchedSource {
  readonly issue: IdentitySource
  /** What kept the next identity from coming where one is over, and whether this machine's clock is what AWS refuses. */
  readonly explain: (error: SerializedError) => SerializedError
}

/** @param clockError `clock-skewed` while AWS's clock and this machine's differ too much. */
export function watchSource(source: IdentitySource, clockError: () => AppError | undefined): WatchedSource {
  let failure: SerializedError | undefined
  return {
    issue: async (signal) => {
      try {
        const identity = await source(signal)
        failure = undefined
        return identity
      } catch (error) {
        if (!signal.aborted) failure = toAppError(error).toJSON()
        throw error
      }
    },
    explain: (error) => {
      if (error.code === 'identity-expired') return failure ?? error
      return error.code === 'access-denied' ? (clockError()?.toJSON() ?? error) : error
    },
  }
}
