import type { NotificationKind } from '../shared/app/snapshot.ts'
import type { SerializedError } from '../shared/errors.ts'

/** Something a person may want to hear of. */
export interface Happening {
  readonly kind: NotificationKind
  /** The same thing told again (`session-expiring` at 15 and at 5 minutes are two) has the same key. */
  readonly key: string
  readonly driveId?: string
  readonly profile?: string
  /** By its name. */
  readonly stack?: string
  /** In the volume. */
  readonly paths?: readonly string[]
  readonly error?: SerializedError
  /** When it is about a moment to come. */
  readonly atMs?: number
  readonly version?: string
}
