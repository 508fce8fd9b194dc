import type { Clock } from '../../../lib/clock.ts'
import { isAppError, toAppError, type SerializedError } from '../../../shared/errors.ts'
import type { AwsSettings } from '../aws/client-settings.ts'
import type { Session } from '../sessions/session.ts'
import type { Caller, Sts } from '../sessions/sts.ts'
import {
  findObject,
  getFileSystem,
  getMetricData,
  headObject,
  listFileSystems,
  listMountTargets,
  type ProbeContext,
} from './probes.ts'

export const permissions = [
  's3files:ListFileSystems',
  's3files:GetFileSystem',
  's3files:ListMountTargets',
  's3files:ClientMount',
  's3files:ClientWrite',
  's3:GetObject',
  'cloudwatch:GetMetricData',
] as const
export type Permission = (typeof permissions)[number]

/** What AWS said, and nothing that was only concluded. */
export type PermissionVerdict =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'denied' }
  /** `mounting-shows`: no call tells without a mount. The others: there was nothing to try it on. */
  | { readonly kind: 'untried'; readonly because: 'mounting-shows' | 'no-file-system' | 'no-object' }
  /** AWS gave another answer than yes or no. */
  | { readonly kind: 'unclear'; readonly error: SerializedError }

export interface PermissionRow {
  readonly permission: Permission
  readonly verdict: PermissionVerdict
}

export interface PermissionReport {
  readonly caller: Caller
  readonly rows: readonly PermissionRow[]
}

export interface PermissionQuestion {
  readonly session: Session
  readonly region: string
  readonly fileSystemId?: string | undefined
  /** An object that is there, in the bucket behind the file system. One is looked for where none is named. */
  readonly object?: { readonly bucket: string; readonly key: string } | undefined
}

export interface PermissionsOptions {
  readonly sts: Sts
  readonly settings: AwsSettings
  readonly clock: Clock
}

/**
 * Tries what a session may do, by calls that change nothing.
 * @throws AppError when the credentials themselves are refused, or AWS cannot be reached: then no row would mean anything.
 */
export async function checkPermissions(
  { session, region, fileSystemId, object }: PermissionQuestion,
  { sts, settings, clock }: PermissionsOptions,
  signal: AbortSignal,
): Promise<PermissionReport> {
  const { credentials } = session
  const caller = await sts.whoIs(credentials, region, signal)
  const context: ProbeContext = { credentials, region, settings, signal }
  const ofFileSystem = (probe: (id: string) => Promise<unknown>): Promise<PermissionVerdict> =>
    fileSystemId === undefined ? untried('no-file-system') : verdictOf(probe(fileSystemId), signal)
  const place = fileSystemId === undefined ? undefined : getFileSystem(fileSystemId, context)
  const anyObject = async (): Promise<PermissionQuestion['object']> => {
    if (object !== undefined) return object
    try {
      return place && (await findObject(await place, context))
    } catch {
      signal.throwIfAborted()
      return undefined
    }
  }
  const verdicts: Readonly<Record<Permission, Promise<PermissionVerdict>>> = {
    's3files:ListFileSystems': verdictOf(listFileSystems(context), signal),
    's3files:GetFileSystem': place === undefined ? untried('no-file-system') : verdictOf(place, signal),
    's3files:ListMountTargets': ofFileSystem((id) => listMountTargets(id, context)),
    's3files:ClientMount': untried('mounting-shows'),
    's3files:ClientWrite': untried('mounting-shows'),
    's3:GetObject': anyObject().then((found) => verdictOfObject(found, context)),
    'cloudwatch:GetMetricData': ofFileSystem((id) => getMetricData(id, clock.now(), context)),
  }
  const rows = await Promise.all(
    permissions.map(async (permission) => ({ permission, verdict: await verdicts[permission] })),
  )
  return { caller, rows }
}

type Untried = Extract<PermissionVerdict, { kind: 'untried' }>

function untried(because: Untried['because']): Promise<Untried> {
  return Promise.resolve({ kind: 'untried', because })
}

function verdictOfObject(
  object: PermissionQuestion['object'],
  context: ProbeContext,
): Promise<PermissionVerdict> {
  if (object === undefined) return untried('no-object')
  return verdictOf(headObject(object, context), context.signal)
}

async function verdictOf(probe: Promise<unknown>, signal: AbortSignal): Promise<PermissionVerdict> {
  try {
    await probe
    return { kind: 'allowed' }
  } catch (error) {
    signal.throwIfAborted()
    if (isAppError(error, 'aws-denied')) return { kind: 'denied' }
    return { kind: 'unclear', error: toAppError(error).toJSON() }
  }
}
