import type { Event } from '../../lib/event.ts'
import type { IdentitySource } from '../../services/bridge/ports.ts'
import type { AppError } from '../../shared/errors.ts'
import type { DriveAccess } from './drive-access.ts'

/** Makes the tunnel identities of one drive. Disposing ends what keeps them coming. */
export interface DriveIdentity extends Disposable {
  /** Gets the session that identities are made from, before anything is started for them; may ask a person. */
  readonly prepare: (signal: AbortSignal) => Promise<void>
  readonly issue: IdentitySource
  /** The server did not let in the identity issued last. */
  readonly denied: (error: AppError) => void
  /** There are new credentials: what could not be issued may be had now. */
  readonly renewable: Event<void>
  /** `clock-skewed` while AWS's clock and this machine's differ by more than a signature may be off. */
  readonly clockError: () => AppError | undefined
  /** The way to the mount target, as the session of the drive may use it. */
  readonly access: DriveAccess
}
