import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { endpointsFrom, usualLimits, type AwsSettings } from './aws/client-settings.ts'
import { createClockSkew, type ClockSkew } from './aws/clock-skew.ts'
import type { SsoSignIns } from './ports.ts'
import { loadAwsConfig } from './profiles/aws-config.ts'
import { defaultProfileName, resolveConfigPaths } from './profiles/config-paths.ts'
import { createProfiles, type Profiles } from './profiles/profiles.ts'
import { createObtainSession } from './sessions/obtain-session.ts'
import { createSessions, type Sessions } from './sessions/sessions.ts'
import { createSources } from './sessions/source-credentials.ts'
import { createSts, type Sts } from './sessions/sts.ts'

export interface CredentialsOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly homeDir: string
  /** @param settings how its AWS clients are to behave; one skew for all of them. */
  readonly signIns: (settings: AwsSettings) => SsoSignIns
  readonly clock: Clock
  readonly log: Logger
  readonly random?: () => number
  readonly limits?: Pick<AwsSettings, 'connectLimitMs' | 'answerLimitMs'>
}

/** All of AWS that needs a secret. Nothing is read, asked or started before it is used, but a look at the clock every few seconds. */
export interface Credentials extends Disposable {
  readonly profiles: Profiles
  readonly sessions: Sessions
  readonly sts: Sts
  readonly skew: ClockSkew
  readonly settings: AwsSettings
}

export function createCredentials(options: CredentialsOptions): Credentials {
  const { env, homeDir, clock, log, random = Math.random, limits = usualLimits } = options
  const skew = createClockSkew(clock)
  const settings: AwsSettings = { endpointOf: endpointsFrom(env), skew, ...limits }
  const signIns = options.signIns(settings)
  const paths = resolveConfigPaths(env, homeDir)
  const loadConfig = (): ReturnType<typeof loadAwsConfig> => loadAwsConfig(paths)
  const sts = createSts(settings)
  const sessions = createSessions({
    obtain: createObtainSession({
      loadConfig,
      sourceCredentials: createSources({ paths, signIns, sts, clock }),
      sts,
      skew,
      clock,
      defaultRegion: env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'],
    }),
    signIns,
    clock,
    log,
    random,
  })
  const profiles = createProfiles({ loadConfig, signIns, defaultName: defaultProfileName(env) })
  return {
    profiles,
    sessions,
    sts,
    skew,
    settings,
    [Symbol.dispose]: () => sessions[Symbol.dispose](),
  }
}
