import type { Clock } from '../../../lib/clock.ts'
import { AppError, isAppError } from '../../../shared/errors.ts'
import type { ClockSkew } from '../aws/clock-skew.ts'
import type { AskMfaCode } from '../ports.ts'
import type { AwsConfig } from '../profiles/aws-config.ts'
import { planCredentials, type CredentialPlan } from '../profiles/credential-plan.ts'
import type { RoleStep } from '../profiles/role-step.ts'
import type { SecretCredentials } from './secret-credentials.ts'
import type { Session } from './session.ts'
import type { GetSourceCredentials } from './source-credentials.ts'
import type { Sts } from './sts.ts'

export interface ObtainSessionOptions {
  readonly loadConfig: () => Promise<AwsConfig>
  readonly sourceCredentials: GetSourceCredentials
  readonly sts: Sts
  readonly skew: ClockSkew
  readonly clock: Clock
  /** Used where a profile names none. */
  readonly defaultRegion?: string | undefined
}

/**
 * Makes a session from what the files say now, down the whole chain of a profile.
 * @param askMfaCode absent when nobody is there to ask: a profile that needs a code then fails before AWS is asked anything.
 * @throws AppError by what stands in the way, or the signal's reason.
 */
export type ObtainSession = (
  profile: string,
  signal: AbortSignal,
  askMfaCode?: AskMfaCode,
) => Promise<Session>

const homeRegions: Readonly<Record<string, string>> = {
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
}

export function createObtainSession(options: ObtainSessionOptions): ObtainSession {
  const { loadConfig, sourceCredentials, sts, skew, clock } = options
  return async (profile, signal, askMfaCode) => {
    const config = await loadConfig()
    const plan = planOf(profile, config)
    const question = plan.roles.find(({ mfaSerial }) => mfaSerial !== undefined)
    if (question !== undefined && askMfaCode === undefined) {
      throw new AppError('mfa-needed', { profile, serial: question.mfaSerial ?? '' })
    }
    const region = plan.region ?? options.defaultRegion ?? homeRegionOf(plan)
    let credentials = await sourceCredentials(plan.source, config, region, signal)
    for (const role of plan.roles) {
      const mfaCode = await codeFor(role, signal, askMfaCode)
      const request = {
        credentials,
        region: role.region ?? region,
        ...(mfaCode !== undefined && { mfaCode }),
      }
      credentials = await sts.assumeRole(role, request, signal)
    }
    const { expiresAtMs } = credentials
    const nowMs = clock.now()
    // Nobody gives out credentials that are over already: one of the two clocks is wrong.
    if (expiresAtMs !== undefined && expiresAtMs <= nowMs) {
      throw skew.asError() ?? new AppError('session-expired', { profile })
    }
    return sessionOf(plan, config, credentials, nowMs)
  }
}

/** With a file that cannot be read, that is what is wrong, and not that there is no such profile. */
function planOf(profile: string, config: AwsConfig): CredentialPlan {
  try {
    return planCredentials(profile, config)
  } catch (error) {
    const unreadable = config.problems.find((problem) => isAppError(problem, 'aws-config-unreadable'))
    throw isAppError(error, 'profile-unknown', 'profile-source-missing') ? (unreadable ?? error) : error
  }
}

async function codeFor(
  { profile, mfaSerial: serial, roleArn: role }: RoleStep,
  signal: AbortSignal,
  ask: AskMfaCode | undefined,
): Promise<string | undefined> {
  if (serial === undefined || ask === undefined) return undefined
  const code = (await ask({ profile, serial, role }, signal)).replaceAll(/\s/g, '')
  // What cannot be a code is not sent anywhere: it may be a password typed into the wrong place.
  if (!/^\d{6}$/.test(code)) throw new AppError('mfa-rejected', { profile, serial })
  return code
}

function homeRegionOf({ source, roles }: CredentialPlan): string {
  const { partition = 'aws' } = roles[0] ?? (source.kind === 'web-identity' ? source.role : {})
  return homeRegions[partition] ?? 'us-east-1'
}

function sessionOf(
  { profile, source, roles }: CredentialPlan,
  config: AwsConfig,
  credentials: SecretCredentials,
  issuedAtMs: number,
): Session {
  const role = roles.at(-1) ?? (source.kind === 'web-identity' ? source.role : undefined)
  const { accountId, roleName } = role ?? (source.kind === 'sso' ? source.access : { roleName: undefined })
  const knownAccount = accountId ?? config.profile(source.profile)?.['aws_account_id']
  return {
    profile,
    credentials,
    issuedAtMs,
    ...(credentials.expiresAtMs !== undefined && { expiresAtMs: credentials.expiresAtMs }),
    ...(knownAccount !== undefined && { accountId: knownAccount }),
    ...(roleName !== undefined && { roleName }),
  }
}
