import type { IdentitySource } from '../../services/bridge/ports.ts'
import { toAppError, type SerializedError } from '../../shared/errors.ts'

/** A source of identities that remembers why the last one could not be had. */
export interface WatchedSource {
  readonly issue: IdentitySource
  /** A bridge whose identity is over knows no more than that; this says what kept the next one from coming. */
  readonly explain: (error: SerializedError) => SerializedError
}

export function watchSource(source: IdentitySource): WatchedSource {
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
    explain: (error) => (error.code === 'identity-expired' && failure !== undefined ? failure : error),
  }
}
