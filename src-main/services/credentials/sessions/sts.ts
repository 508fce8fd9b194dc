import type * as StsSdk from '@aws-sdk/client-sts'
import type { AssumeRoleCommandInput, Credentials, STSClient } from '@aws-sdk/client-sts'

import { AppError, isAppError } from '../../../shared/errors.ts'
import { clientSettings, hostOf, type AwsSettings } from '../aws/client-settings.ts'
import { noteDates, noteDatesStep } from '../aws/clock-skew.ts'
import { translateAwsError } from '../aws/translate-aws-error.ts'
import { parseCallerArn } from '../profiles/role-arn.ts'
import type { RoleStep } from '../profiles/role-step.ts'
import type { SessionCredentials } from '../tunnel-identity.ts'
import { SecretCredentials, sdkCredentials } from './secret-credentials.ts'

/** The part of AWS's Security Token Service that sessions need. */
export interface Sts {
  /** @throws AppError `role-denied`, `mfa-rejected`, `credentials-rejected`, `session-expired`, `clock-skewed` or what a network does. */
  assumeRole(
    role: RoleStep,
    request: { readonly credentials: SessionCredentials; readonly region: string; readonly mfaCode?: string },
    signal: AbortSignal,
  ): Promise<SecretCredentials>
  /** @throws AppError `role-denied`, `web-identity-rejected` or what a network does. */
  assumeRoleWithToken(
    role: RoleStep,
    request: { readonly token: string; readonly region: string },
    signal: AbortSignal,
  ): Promise<SecretCredentials>
  /** Needs no permission: it tells whether AWS knows the credentials at all. */
  whoIs(credentials: SessionCredentials, region: string, signal: AbortSignal): Promise<Caller>
}

export interface Caller {
  readonly arn: string
  readonly accountId?: string
  readonly roleName?: string
}

const usualSessionName = 'mountbar'

export function createSts(settings: AwsSettings): Sts {
  const use = async <T>(
    { action, region, profile, credentials }: StsCall,
    signal: AbortSignal,
    work: (client: STSClient, sdk: typeof StsSdk) => Promise<T>,
  ): Promise<T> => {
    const sdk = await import('@aws-sdk/client-sts')
    const client = new sdk.STSClient({
      ...clientSettings('sts', settings),
      region,
      ...(credentials !== undefined && { credentials: sdkCredentials(credentials) }),
    })
    client.middlewareStack.add(noteDates(settings.skew), noteDatesStep)
    try {
      return await work(client, sdk)
    } catch (error) {
      signal.throwIfAborted()
      const host = hostOf('sts', region, settings)
      throw translateAwsError(
        error,
        { action, host, ...(profile !== undefined && { profile }) },
        settings.skew,
      )
    } finally {
      client.destroy()
    }
  }
  return {
    assumeRole: async (role, { credentials, region, mfaCode }, signal) => {
      const call = { action: 'sts:AssumeRole', region, profile: role.profile, credentials }
      try {
        return await use(call, signal, async (client, { AssumeRoleCommand }) => {
          const command = new AssumeRoleCommand(assumeRoleInput(role, mfaCode))
          return received((await client.send(command, { abortSignal: signal })).Credentials)
        })
      } catch (error) {
        throw roleRefusal(error, role, mfaCode)
      }
    },
    assumeRoleWithToken: async (role, { token, region }, signal) => {
      const call = { action: 'sts:AssumeRoleWithWebIdentity', region, profile: role.profile }
      try {
        return await use(call, signal, async (client, { AssumeRoleWithWebIdentityCommand }) => {
          const { RoleArn, RoleSessionName, DurationSeconds } = assumeRoleInput(role, undefined)
          const command = new AssumeRoleWithWebIdentityCommand({
            RoleArn,
            RoleSessionName,
            DurationSeconds,
            WebIdentityToken: token,
          })
          return received((await client.send(command, { abortSignal: signal })).Credentials)
        })
      } catch (error) {
        throw tokenRefusal(error, role)
      }
    },
    whoIs: (credentials, region, signal) =>
      use({ action: 'sts:GetCallerIdentity', region, credentials }, signal, async (client, sdk) => {
        const { Arn: arn = '' } = await client.send(new sdk.GetCallerIdentityCommand({}), {
          abortSignal: signal,
        })
        return { arn, ...parseCallerArn(arn) }
      }),
  }
}

interface StsCall {
  readonly action: string
  readonly region: string
  readonly profile?: string
  readonly credentials?: SessionCredentials
}

function assumeRoleInput(role: RoleStep, mfaCode: string | undefined): AssumeRoleCommandInput {
  return {
    RoleArn: role.roleArn,
    RoleSessionName: role.sessionName ?? usualSessionName,
    DurationSeconds: role.durationSeconds,
    ...(role.externalId !== undefined && { ExternalId: role.externalId }),
    ...(mfaCode !== undefined && { SerialNumber: role.mfaSerial, TokenCode: mfaCode }),
  }
}

function received(credentials: Credentials | undefined): SecretCredentials {
  const {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken,
    Expiration,
  } = credentials ?? {}
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new AppError('aws-failed', { operation: 'sts:AssumeRole', reason: 'an answer without credentials' })
  }
  return new SecretCredentials({
    accessKeyId,
    secretAccessKey,
    sessionToken: SessionToken,
    expiresAtMs: Expiration?.getTime(),
  })
}

function roleRefusal(
  error: unknown,
  { profile, roleArn, mfaSerial }: RoleStep,
  mfaCode: string | undefined,
): unknown {
  if (!isAppError(error, 'aws-denied')) return error
  // AWS has one name for both, and tells the difference in words only.
  const isAboutCode = mfaCode !== undefined && /MultiFactorAuthentication failed/i.test(String(error.cause))
  return isAboutCode
    ? new AppError('mfa-rejected', { profile, serial: mfaSerial ?? '' }, { cause: error.cause })
    : new AppError('role-denied', { profile, role: roleArn }, { cause: error.cause })
}

const tokenNames = [
  'InvalidIdentityToken',
  'IDPRejectedClaim',
  'ExpiredTokenException',
  'IDPRejectedClaimException',
]

function tokenRefusal(error: unknown, { profile, roleArn }: RoleStep): unknown {
  if (isAppError(error, 'aws-denied'))
    return new AppError('role-denied', { profile, role: roleArn }, { cause: error.cause })
  const name = isAppError(error) && error.cause instanceof Error ? error.cause.name : ''
  if (!tokenNames.some((known) => name.startsWith(known))) return error
  return new AppError('web-identity-rejected', { profile }, { cause: (error as AppError).cause })
}
