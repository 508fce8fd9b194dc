import type { Clock } from '../../lib/clock.ts'
import type { HostDirs } from '../../lib/host-dirs.ts'
import type { Logger } from '../../lib/logger.ts'
import { endpointsFrom, usualLimits } from '../../services/credentials/aws/client-settings.ts'
import { createClockSkew } from '../../services/credentials/aws/clock-skew.ts'
import { loadAwsConfig } from '../../services/credentials/profiles/aws-config.ts'
import { defaultProfileName, resolveConfigPaths } from '../../services/credentials/profiles/config-paths.ts'
import { createProfiles, type Profiles } from '../../services/credentials/profiles/profiles.ts'
import type { OpenUrl } from '../../services/credentials/sso/browser-grant.ts'
import { findSignInTarget, type SignInTarget } from '../../services/credentials/sso/sign-in-target.ts'
import type { InteractiveSignIns } from '../../services/credentials/sso/sso-sign-ins.ts'
import { openSignIns } from './open-sign-ins.ts'

/** What commands about AWS work with. */
export interface Aws {
  readonly profiles: Profiles
  readonly signIns: InteractiveSignIns
  /** Where to sign in for a profile; `undefined` means the one that counts where none is named. */
  findSignIn(profile: string | undefined): Promise<SignInTarget>
}

export interface OpenAwsOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly homeDir: string
  readonly dirs: Pick<HostDirs, 'stateDir'>
  readonly openUrl: OpenUrl
  readonly clock: Clock
  readonly log: Logger
}

/** Joins the parts that know AWS. Nothing is read or asked here. */
export function openAws({ env, homeDir, dirs, openUrl, clock, log }: OpenAwsOptions): Aws {
  const configPaths = resolveConfigPaths(env, homeDir)
  const defaultName = defaultProfileName(env)
  const loadConfig = () => loadAwsConfig(configPaths)
  const signIns = openSignIns({
    homeDir,
    dirs,
    settings: { endpointOf: endpointsFrom(env), skew: createClockSkew(clock), ...usualLimits },
    openUrl,
    clock,
    log,
  })
  return {
    profiles: createProfiles({ loadConfig, signIns, defaultName }),
    signIns,
    findSignIn: async (profile) => findSignInTarget(await loadConfig(), profile, defaultName),
  }
}
