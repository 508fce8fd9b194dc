import type { Clock } from '../../../lib/clock.ts'
import { AppError } from '../../../shared/errors.ts'
import { accessPoint } from './checks/access-point.ts'
import { accessPointWritable } from './checks/access-point-writable.ts'
import { addressAllowed } from './checks/address-allowed.ts'
import { bucketVersioned } from './checks/bucket-versioned.ts'
import { fileSystem } from './checks/file-system.ts'
import { identity } from './checks/identity.ts'
import { mountTarget } from './checks/mount-target.ts'
import { portReachable } from './checks/port-reachable.ts'
import { tlsName } from './checks/tls-name.ts'
import { failedBy, untried, type DriveCheck, type DriveFinding } from './drive-check.ts'
import { createDriveFacts, type CheckedDrive, type CheckParts, type DriveFacts } from './drive-facts.ts'

export interface DriveCheckResult extends DriveFinding {
  readonly id: string
  readonly title: string
  /** Without any one of these nothing can be mounted, or nothing saved. */
  readonly severity: 'problem'
}

export interface CheckDriveParts extends CheckParts {
  readonly clock: Clock
}

/** For one check; they run at the same time. A session of Systems Manager takes some seconds to stand. */
const limitMs = 25_000

/** In the order in which one builds on the other. */
const checks: readonly DriveCheck[] = [
  identity,
  fileSystem,
  mountTarget,
  accessPoint,
  accessPointWritable,
  bucketVersioned,
  addressAllowed,
  portReachable,
  tlsName,
]

/**
 * Everything that a drive on S3 Files needs, asked at once; nothing is changed by it. Whether the file system lets the caller in is not among it:
 * only mounting shows that. Rejects only with the signal's reason.
 */
export async function checkDrive(
  drive: CheckedDrive,
  { clock, ...parts }: CheckDriveParts,
  signal: AbortSignal,
): Promise<readonly DriveCheckResult[]> {
  const ended = new AbortController()
  const all = AbortSignal.any([signal, ended.signal])
  await using facts = createDriveFacts(drive, parts, all)
  try {
    const found = await Promise.all(checks.map((check) => answerOf(check, facts, clock, all)))
    signal.throwIfAborted()
    return withoutRepetition(found.filter((result) => result !== undefined))
  } finally {
    ended.abort()
  }
}

async function answerOf(
  check: DriveCheck,
  facts: DriveFacts,
  clock: Clock,
  signal: AbortSignal,
): Promise<DriveCheckResult | undefined> {
  const late = Promise.withResolvers<never>()
  using _limit = clock.setTimeout(() => late.reject(new AppError('aws-timeout')), limitMs)
  const work = async (): Promise<DriveFinding | undefined> =>
    (await check.applicable(facts, signal)) ? await check.check(facts, signal) : undefined
  const finding = await Promise.race([work(), late.promise]).catch(failedBy)
  return finding && { id: check.id, title: check.title, severity: 'problem', ...finding }
}

/** One cause is told once: a file system that is not there has no mount targets either. */
function withoutRepetition(results: readonly DriveCheckResult[]): readonly DriveCheckResult[] {
  const told = new Map<string, string>()
  return results.map((result) => {
    if (result.error === undefined) return result
    const cause = JSON.stringify(result.error)
    const first = told.get(cause)
    told.set(cause, first ?? result.title)
    if (first === undefined) return result
    const { id, title, severity } = result
    return { id, title, severity, ...untried(`cannot be asked: see ${first}`) }
  })
}
