import type { Drive } from '../../services/drives/drive.ts'
import type { Fix, TroubleView } from '../../shared/app/snapshot.ts'
import type { DriveState } from '../../shared/drive-state.ts'
import type { ErrorCode, SerializedError } from '../../shared/errors.ts'

type FixKind = Exclude<Fix['kind'], 'open-link'> | 'install-engine' | 'none'

/** What mends an error, where it is not to try again. */
const fixes: Partial<Readonly<Record<ErrorCode, FixKind>>> = {
  'sign-in-needed': 'sign-in',
  'sign-in-expired': 'sign-in',
  'sign-in-timeout': 'sign-in',
  'session-expired': 'sign-in',
  'engine-missing': 'install-engine',
  'engine-not-running': 'choose-engine',
  'engine-denied': 'choose-engine',
  'engine-remote': 'choose-engine',
  'engine-too-old': 'choose-engine',
  'engine-rootless': 'choose-engine',
  'engine-arch': 'choose-engine',
  'engine-no-nfs': 'choose-engine',
  'engine-mount-denied': 'choose-engine',
  'address-not-allowed': 'let-in',
  'source-missing': 'edit-drive',
  'source-not-a-folder': 'edit-drive',
  'mount-point-missing': 'edit-drive',
  'mount-point-not-empty': 'edit-drive',
  'mount-point-in-use': 'edit-drive',
  'mount-point-inside-source': 'edit-drive',
  'remote-path-missing': 'edit-drive',
  'profile-unknown': 'edit-drive',
  // Of a drive that runs; they go by themselves.
  stalled: 'none',
  'front-died': 'none',
  'bridge-died': 'none',
  'server-silent': 'none',
}

/** What one button does about an error. @param mayMount off for a drive that is mounted: mounting it again is no way out then. */
export function fixFor(
  error: SerializedError,
  drive: Pick<Drive, 'id'>,
  profile: string | undefined,
  mayMount: boolean,
): Fix | undefined {
  const kind = fixes[error.code] ?? 'mount'
  switch (kind) {
    case 'none':
      return undefined
    case 'sign-in': {
      const named = error.args['profile']
      const whose = typeof named === 'string' ? named : profile
      return whose === undefined ? undefined : { kind, profile: whose }
    }
    case 'install-engine':
      return { kind: 'open-link', link: kind }
    case 'choose-engine':
      return { kind }
    case 'mount':
      return mayMount ? { kind, driveId: drive.id } : undefined
    case 'let-in':
    case 'show-uploads':
    case 'edit-drive':
      return { kind, driveId: drive.id }
  }
}

export interface TroubleFacts {
  readonly drive: Drive
  readonly state: DriveState
  /** Of the last mount. */
  readonly failure: SerializedError | undefined
  /** Of its bridge. */
  readonly bridgeTrouble: SerializedError | undefined
  /** Why the first upload that needs a person needs one. */
  readonly attention: SerializedError | undefined
  /** The profile that counts where the drive names none. */
  readonly defaultProfile: string | undefined
}

/** The worst of what is wrong with a drive, with its one way out; nothing of one that is not wanted to run. */
export function troubleOf(facts: TroubleFacts): TroubleView | undefined {
  const { drive, state, failure, bridgeTrouble, attention, defaultProfile } = facts
  const profile = drive.kind === 's3files' ? (drive.fileSystem.profile ?? defaultProfile) : undefined
  const isMounted = state.kind === 'mounted'
  const of = (error: SerializedError, mayMount = !isMounted): TroubleView => {
    return { error, fix: fixFor(error, drive, profile, mayMount) }
  }
  if (state.kind === 'failed') return of(state.error)
  if (isMounted) {
    if (bridgeTrouble !== undefined) return of(bridgeTrouble)
    // It has a volume and nobody behind it, and the last attempt to give it a front failed.
    if (state.degraded === 'front-down' && failure !== undefined) return of(failure, true)
    if (state.degraded === 'front-down') return of({ code: 'front-died', args: { name: drive.name } })
    if (state.degraded === 'front-stalled') return of({ code: 'stalled', args: {} })
  }
  if (attention !== undefined) {
    return { error: attention, fix: { kind: 'show-uploads', driveId: drive.id } }
  }
  return undefined
}
