import type { Clock } from '../../lib/clock.ts'
import type { Credentials } from '../../services/credentials/credentials.ts'
import {
  checkPermissions,
  type PermissionReport,
  type PermissionVerdict,
} from '../../services/credentials/permissions/permissions.ts'
import type { UsableProfile } from '../../services/credentials/profiles/preflight.ts'
import { isBroken } from '../../services/credentials/profiles/preflight.ts'
import type { AwsAccess, AwsFact, AwsPermissionFact } from '../../services/diagnostics/aws-access.ts'
import type { Drive } from '../../services/drives/drive.ts'
import { AppError, isAppError, toAppError } from '../../shared/errors.ts'
import { formatDuration } from '../../lib/format.ts'

export interface ExamineParts {
  readonly credentials: Credentials
  readonly drives: readonly Drive[]
  readonly clock: Clock
}

interface Subject {
  readonly profile: string
  readonly driveName?: string
  readonly region?: string
  readonly fileSystemId?: string
}

/** For all of one drive. AWS's clients try more than once; who waits for a diagnosis does not wait that long. */
const limitMs = 30_000
const anyRegion = 'us-east-1'

/**
 * What AWS says to each drive of S3 Files, or to the profile that counts when there is none. Asks only calls that change nothing; rejects only with
 * the signal's reason.
 */
export async function examineAws(parts: ExamineParts, signal: AbortSignal): Promise<readonly AwsAccess[]> {
  const subjects = await subjectsOf(parts)
  return await Promise.all(subjects.map((subject) => withLimit(subject, parts, signal)))
}

async function subjectsOf({ credentials, drives }: ExamineParts): Promise<readonly Subject[]> {
  const { defaultName } = credentials.profiles
  const subjects = drives.flatMap((drive) => {
    if (drive.kind !== 's3files') return []
    const { profile = defaultName, region, fileSystemId } = drive.fileSystem
    return [{ profile, driveName: drive.name, region, fileSystemId }]
  })
  if (subjects.length > 0) return subjects
  const { profiles } = await credentials.profiles.list()
  return profiles.some(({ name }) => name === defaultName) ? [{ profile: defaultName }] : []
}

async function withLimit(
  subject: Subject,
  { credentials, clock }: ExamineParts,
  signal: AbortSignal,
): Promise<AwsAccess> {
  const limit = new AbortController()
  using _timer = clock.setTimeout(() => limit.abort(new AppError('aws-timeout')), limitMs)
  const access = await examine(subject, credentials, clock, AbortSignal.any([signal, limit.signal]))
  signal.throwIfAborted()
  return access
}

async function examine(
  { profile, driveName, ...asked }: Subject,
  credentials: Credentials,
  clock: Clock,
  signal: AbortSignal,
): Promise<AwsAccess> {
  const { sessions, sts, settings, skew } = credentials
  const subject = { profile, ...(driveName !== undefined && { driveName }) }
  // Once AWS has answered, a wrong clock is its own finding, and the failures that it causes are none.
  const later = (step: 'session' | 'caller', error: AppError): Partial<AwsAccess> => {
    const isClock = isAppError(error, 'clock-skewed') && skew.asError() !== undefined
    return { ...clockFact(credentials), ...(!isClock && { [step]: bad(error) }) }
  }

  const found = await findProfile(profile, credentials)
  if (found.usable === undefined) return { ...subject, found: found.fact }
  const { need, region = anyRegion } = found.usable
  if (need.when === 'now' && need.why === 'mfa') {
    const why = 'The profile asks for a code, which this does not do: mounting shows what AWS says.'
    return { ...subject, found: found.fact, session: { kind: 'untried', why } }
  }
  const session = await attempt(sessions.sessionFor(profile, signal))
  if (session instanceof AppError) return { ...subject, found: found.fact, ...later('session', session) }
  const before = { ...subject, found: found.fact, session: good(lifeOf(session.expiresAtMs, clock)) }
  const question = { session, region: asked.region ?? region, fileSystemId: asked.fileSystemId }
  const report = await attempt(checkPermissions(question, { sts, settings, clock }, signal))
  if (report instanceof AppError) return { ...before, ...later('caller', report) }
  return {
    ...before,
    ...clockFact(credentials),
    caller: good(report.caller.arn),
    permissions: permissionFacts(report),
  }
}

async function findProfile(
  name: string,
  { profiles }: Credentials,
): Promise<{ readonly fact: AwsFact; readonly usable?: UsableProfile }> {
  const profile = await attempt(profiles.find(name))
  if (profile instanceof AppError) return { fact: bad(profile) }
  if (isBroken(profile)) return { fact: { kind: 'bad', error: profile.problem } }
  const { need, accountId, roleName } = profile
  if (need.when === 'now' && need.why !== 'mfa') {
    const code = need.why === 'sign-in-missing' ? 'sign-in-needed' : 'sign-in-expired'
    return { fact: bad(new AppError(code, { profile: name })) }
  }
  const role = roleName === undefined ? '' : `, role ${roleName}`
  const account = accountId === undefined ? '' : `, account ${accountId}`
  return { fact: good(`${name}${role}${account}`), usable: profile }
}

function clockFact({ skew }: Credentials): Pick<AwsAccess, 'clock'> {
  if (skew.skewMs === undefined) return {}
  const error = skew.asError()
  const seconds = Math.round(Math.abs(skew.skewMs) / 1000)
  return { clock: error === undefined ? good(`${seconds} s apart`) : bad(error) }
}

function lifeOf(expiresAtMs: number | undefined, clock: Clock): string {
  return expiresAtMs === undefined
    ? 'keys that do not end'
    : `ends in ${formatDuration(expiresAtMs - clock.now())}`
}

const reasons: Readonly<Record<Extract<PermissionVerdict, { kind: 'untried' }>['because'], string>> = {
  'mounting-shows': 'Only mounting shows it.',
  'no-file-system': 'There is no file system yet to try it on.',
  'no-object': 'No object of the bucket is known to try it on.',
}

function permissionFacts({ rows }: PermissionReport): Readonly<Record<string, AwsPermissionFact>> {
  return Object.fromEntries(
    rows.map(({ permission, verdict }) => [
      permission,
      verdict.kind === 'untried' ? { kind: verdict.kind, why: reasons[verdict.because] } : verdict,
    ]),
  )
}

async function attempt<T>(work: Promise<T>): Promise<T | AppError> {
  return await work.catch((error: unknown) => toAppError(error))
}

function good(fact: string): AwsFact {
  return { kind: 'good', fact }
}

function bad(error: AppError): AwsFact {
  return { kind: 'bad', error: error.toJSON() }
}
