import type { BridgeState } from '../../core/bridge-state.ts'
import { backoffDelayMs, type Backoff } from '../../core/backoff.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Event } from '../../lib/event.ts'
import type { Bridge } from '../../services/bridge/bridge.ts'
import { AppError, type SerializedError } from '../../shared/errors.ts'
import type { DriveIdentity } from './drive-identity.ts'

/** AWS has one answer for a session it has revoked and for a permission that is missing; for the latter other credentials are no remedy. */
const pauses: Backoff = { firstMs: 60_000, maxMs: 15 * 60_000 }

export interface JoinParts {
  readonly bridge: { readonly stateChanged: Event<BridgeState> } & Pick<Bridge, 'refreshIdentity'>
  readonly identity: Pick<DriveIdentity, 'denied' | 'renewable'>
  readonly clock: Clock
}

/**
 * Tells the session of a denial that the bridge met, before the bridge asks for another identity, and the bridge of credentials
 * that are new. Ends with the returned handle.
 */
export function joinIdentity({ bridge, identity, clock }: JoinParts): Disposable {
  let denials = 0
  let pauseEndsAtMs = -Infinity
  const hear = (state: BridgeState): void => {
    if (state.kind === 'ready') denials = 0
    const error = denialIn(state)
    const nowMs = clock.monotonicMs()
    if (error === undefined || nowMs < pauseEndsAtMs) return
    pauseEndsAtMs = nowMs + backoffDelayMs(denials, pauses, () => 0)
    denials += 1
    identity.denied(new AppError(error.code, error.args))
  }
  using joined = new DisposableStack()
  joined.use(bridge.stateChanged.on(hear))
  joined.use(identity.renewable.on(() => bridge.refreshIdentity()))
  return joined.move()
}

/** An identity that was over is no fault of the session behind it. */
function denialIn(state: BridgeState): SerializedError | undefined {
  return 'error' in state && state.error.code === 'access-denied' ? state.error : undefined
}
