import { readFile } from 'node:fs/promises'

import type { Clock } from '../../../lib/clock.ts'
import { orAborted } from '../../../lib/or-aborted.ts'
import { AppError } from '../../../shared/errors.ts'
import type { SsoSignIns } from '../ports.ts'
import type { AwsConfig } from '../profiles/aws-config.ts'
import type { ConfigPaths } from '../profiles/config-paths.ts'
import type { CredentialSource } from '../profiles/credential-plan.ts'
import { SecretCredentials } from './secret-credentials.ts'
import type { Sts } from './sts.ts'

export interface SourcesOptions {
  readonly paths: ConfigPaths
  readonly signIns: Pick<SsoSignIns, 'roleCredentials'>
  readonly sts: Sts
  readonly clock: Clock
}

/** Gets the first credentials of a profile. @throws AppError by what is missing, rejected or failing. */
export type GetSourceCredentials = (
  source: CredentialSource,
  config: AwsConfig,
  region: string,
  signal: AbortSignal,
) => Promise<SecretCredentials>

/** What the SDK's providers give. */
interface Provided {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  readonly expiration?: Date
}

/** A program may open a browser of its own; longer than this nobody waits for credentials. */
const processLimitMs = 60_000
/** Metadata of a cloud machine comes from that machine. */
const metadataLimits = { timeout: 2_000, maxRetries: 1 } as const

const places = {
  environment: 'the environment variables of AWS',
  container: 'the container it runs in',
  instance: 'the machine it runs on',
} as const

export function createSources({ paths, signIns, sts, clock }: SourcesOptions): GetSourceCredentials {
  return async (source, config, region, signal) => {
    const { profile } = source
    const init = {
      profile,
      filepath: paths.credentialsPath,
      configFilepath: paths.configPath,
      ignoreCache: true,
    }
    switch (source.kind) {
      case 'static':
        return staticCredentials(profile, config, clock)
      case 'sso':
        return new SecretCredentials(await signIns.roleCredentials(source.access, signal))
      case 'web-identity': {
        const token = await readToken(profile, source.tokenPath)
        return sts.assumeRoleWithToken(source.role, { token, region: source.role.region ?? region }, signal)
      }
      case 'process': {
        const { fromProcess } = await import('@aws-sdk/credential-providers')
        // Its output, also that of its failures, may hold the credentials: nothing of it is kept as a cause.
        const failed = (): AppError => new AppError('credential-process-failed', { profile })
        return provided(withLimit(fromProcess(init)(), failed, clock, signal), failed)
      }
      case 'login': {
        const { fromLoginCredentials } = await import('@aws-sdk/credential-providers')
        const needed = (): AppError => new AppError('sign-in-needed', { profile })
        return provided(withLimit(fromLoginCredentials(init)(), needed, clock, signal), needed)
      }
      case 'environment':
      case 'container':
      case 'instance': {
        const missing = (): AppError =>
          new AppError('credentials-missing', { profile, place: places[source.kind] })
        return provided(withLimit(fromPlace(source.kind), missing, clock, signal), missing)
      }
    }
  }
}

async function fromPlace(kind: keyof typeof places): Promise<Provided> {
  const { fromEnv, fromContainerMetadata, fromInstanceMetadata } =
    await import('@aws-sdk/credential-providers')
  if (kind === 'environment') return fromEnv()()
  return kind === 'container'
    ? fromContainerMetadata(metadataLimits)()
    : fromInstanceMetadata(metadataLimits)()
}

/** Some tools that write temporary keys leave their end beside them, each under a name of its own. */
const endKeys = ['x_security_token_expires', 'aws_expiration', 'aws_session_expiration', 'expiration']

function staticCredentials(profile: string, config: AwsConfig, clock: Clock): SecretCredentials {
  const section = config.profile(profile) ?? {}
  const { aws_access_key_id: accessKeyId = '', aws_secret_access_key: secretAccessKey = '' } = section
  const { aws_session_token: sessionToken } = section
  const end = endKeys.map((key) => Date.parse(section[key] ?? '')).find((endMs) => !Number.isNaN(endMs))
  const expiresAtMs = sessionToken === undefined ? undefined : end
  if (expiresAtMs !== undefined && expiresAtMs <= clock.now())
    throw new AppError('session-expired', { profile })
  return new SecretCredentials({ accessKeyId, secretAccessKey, sessionToken, expiresAtMs })
}

async function readToken(profile: string, path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (cause) {
    throw new AppError('web-identity-unreadable', { profile, path }, { cause })
  }
}

async function provided(work: Promise<Provided>, failure: () => AppError): Promise<SecretCredentials> {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = await work
  const expiresAtMs = expiration?.getTime()
  if (Number.isNaN(expiresAtMs)) throw failure()
  return new SecretCredentials({ accessKeyId, secretAccessKey, sessionToken, expiresAtMs })
}

/** The SDK's own providers take neither signal nor limit. What is still under way when they are left ends by itself. */
async function withLimit<T>(
  work: Promise<T>,
  failure: () => AppError,
  clock: Clock,
  signal: AbortSignal,
): Promise<T> {
  const limit = new AbortController()
  const timer = clock.setTimeout(() => limit.abort(), processLimitMs)
  try {
    return await orAborted(work, AbortSignal.any([signal, limit.signal]))
  } catch {
    signal.throwIfAborted()
    throw failure()
  } finally {
    timer[Symbol.dispose]()
  }
}
