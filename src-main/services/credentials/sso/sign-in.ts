import {
  nextSignInState,
  startSignIn,
  type SignInEvent,
  type SignInMethod,
  type SignInState,
} from '../../../core/sign-in-state.ts'
import { AppError } from '../../../shared/errors.ts'
import type { SsoToken } from './cached-records.ts'
import type { IdentityCenter } from './identity-center.ts'
import { SignInSteps, type SignInParts } from './sign-in-steps.ts'

export interface SignInRequest {
  readonly center: IdentityCenter
  readonly method: SignInMethod
  /** Called with each state, the last one included. */
  readonly onState: (state: SignInState) => void
  readonly signal: AbortSignal
}

/**
 * Goes through a sign-in, from the client's registration to the token; keeps nothing but the registration.
 * @throws AppError `cancelled` when the signal is aborted, whatever was under way, or what the flow ended in.
 */
export async function signIn(parts: SignInParts, request: SignInRequest): Promise<SsoToken> {
  const { center, method, onState, signal } = request
  // Profiles of the old form have no session that AWS could take a browser's approval for; its own command does the same.
  let state = startSignIn(center.sessionName === undefined ? 'device' : method)
  await using steps = new SignInSteps(parts, center)
  for (;;) {
    onState(state)
    if (state.kind === 'signed-in') return steps.token
    if (state.kind === 'failed') {
      throw new AppError(state.error.code, state.error.args, { cause: steps.lastRefusal })
    }
    state = nextSignInState(state, await orCancelled(steps.take(state, signal), signal))
  }
}

async function orCancelled(event: Promise<SignInEvent>, signal: AbortSignal): Promise<SignInEvent> {
  try {
    return await event
  } catch (error) {
    if (signal.aborted) throw new AppError('cancelled', {}, { cause: error })
    throw error
  }
}
