import { AppError, isAppError, type SerializedError } from '../../../shared/errors.ts'
import type { SsoAccess, SsoSignIns } from '../ports.ts'
import type { AwsConfig } from './aws-config.ts'
import { planCredentials } from './credential-plan.ts'
import { describeProfile, type Profile } from './preflight.ts'

export interface ProfilesOptions {
  readonly loadConfig: () => Promise<AwsConfig>
  readonly signIns: Pick<SsoSignIns, 'factsOf'>
  readonly defaultName: string
}

export interface ProfileList {
  readonly profiles: readonly Profile[]
  /** What is wrong with the files apart from any profile. */
  readonly problems: readonly SerializedError[]
}

/** The AWS profiles of this machine. Reads files only, and writes none. */
export interface Profiles {
  readonly defaultName: string
  list(): Promise<ProfileList>
  /** @throws AppError `profile-unknown`; a profile that is there and broken is returned as such. */
  find(name: string): Promise<Profile>
}

export function createProfiles({ loadConfig, signIns, defaultName }: ProfilesOptions): Profiles {
  const describe = async (name: string, config: AwsConfig): Promise<Profile> => {
    const access = ssoAccessOf(name, config)
    return describeProfile(name, config, access && (await signIns.factsOf(access)))
  }
  return {
    defaultName,
    list: async () => {
      const config = await loadConfig()
      return {
        profiles: await Promise.all(config.profileNames.map((name) => describe(name, config))),
        problems: config.problems.map((problem) => problem.toJSON()),
      }
    },
    find: async (name) => {
      const config = await loadConfig()
      if (config.profile(name) !== undefined) return describe(name, config)
      // With a file that cannot be read nobody can say that a profile does not exist.
      throw (
        config.problems.find((problem) => isAppError(problem, 'aws-config-unreadable')) ??
        new AppError('profile-unknown', { profile: name })
      )
    },
  }
}

function ssoAccessOf(name: string, config: AwsConfig): SsoAccess | undefined {
  try {
    const { source } = planCredentials(name, config)
    return source.kind === 'sso' ? source.access : undefined
  } catch {
    // `describeProfile` says what is wrong with it.
    return undefined
  }
}
