import { AppError } from '../../../shared/errors.ts'
import type { SsoAccess } from '../ports.ts'
import type { AwsConfig, Section } from './aws-config.ts'
import { createProfileErrors, type ProfileErrors } from './profile-errors.ts'
import { readRoleStep, type RoleStep } from './role-step.ts'
import { readSsoAccess } from './sso-access.ts'

/** Where the first credentials of a profile come from. `profile` is the one that says so. Never holds a key. */
export type CredentialSource =
  | { readonly kind: 'static'; readonly profile: string; readonly temporary: boolean }
  | { readonly kind: 'sso'; readonly profile: string; readonly access: SsoAccess }
  | { readonly kind: 'process'; readonly profile: string }
  /** The profile of the AWS CLI's `aws login`. */
  | { readonly kind: 'login'; readonly profile: string }
  | {
      readonly kind: 'web-identity'
      readonly profile: string
      readonly tokenPath: string
      readonly role: RoleStep
    }
  | { readonly kind: 'environment' | 'container' | 'instance'; readonly profile: string }

/** How a profile gets its credentials: a source, then roles, each taken with the credentials before it. */
export interface CredentialPlan {
  readonly profile: string
  readonly source: CredentialSource
  readonly roles: readonly RoleStep[]
  /** The profile's own, or that of the nearest one it builds on. */
  readonly region?: string
}

const credentialSources = {
  Environment: 'environment',
  EcsContainer: 'container',
  Ec2InstanceMetadata: 'instance',
} as const

/**
 * Follows a profile to its source, as AWS's SDKs do, without asking anybody anything.
 * @throws AppError `profile-unknown`, `profile-incomplete`, `profile-invalid`, `profile-source-missing` or `profile-cycle`.
 */
export function planCredentials(profile: string, config: AwsConfig): CredentialPlan {
  const section = config.profile(profile)
  if (section === undefined) throw new AppError('profile-unknown', { profile })
  const { source, roles, region } = follow(profile, section, config, [profile])
  return { profile, source, roles, ...(region !== undefined && { region }) }
}

interface Followed {
  readonly source: CredentialSource
  readonly roles: readonly RoleStep[]
  readonly region: string | undefined
}

function follow(name: string, section: Section, config: AwsConfig, visited: readonly string[]): Followed {
  const errors = createProfileErrors(name, config)
  const { region } = section
  const { role_arn: roleArn, source_profile: sourceProfile, credential_source: place } = section
  if (roleArn === undefined) return { source: sourceOf(name, section, config, errors), roles: [], region }
  if (sourceProfile !== undefined && place !== undefined) throw errors.invalid('credential_source')
  const role = readRoleStep(name, section, errors)
  if (sourceProfile !== undefined) {
    const base = followSource(sourceProfile, config, errors, visited)
    return { source: base.source, roles: [...base.roles, role], region: region ?? base.region }
  }
  if (place !== undefined) return { source: placeSource(name, place, errors), roles: [role], region }
  const { web_identity_token_file: tokenPath } = section
  if (tokenPath === undefined) throw errors.incomplete('source_profile', 'role_arn')
  return { source: { kind: 'web-identity', profile: name, tokenPath, role }, roles: [], region }
}

function followSource(
  name: string,
  config: AwsConfig,
  errors: ProfileErrors,
  visited: readonly string[],
): Followed {
  const section = config.profile(name)
  if (section === undefined) throw errors.sourceMissing(name, 'source_profile')
  // Keys of its own end a chain, even in a profile that names a role: that is how a profile may be its own source.
  if (hasKeys(section)) return { source: staticSource(name, section), roles: [], region: section['region'] }
  if (visited.includes(name)) throw errors.cycle([...visited, name])
  return follow(name, section, config, [...visited, name])
}

function sourceOf(
  name: string,
  section: Section,
  config: AwsConfig,
  errors: ProfileErrors,
): CredentialSource {
  if (hasKeys(section)) return staticSource(name, section)
  if (section['aws_access_key_id'] !== undefined) {
    throw errors.incomplete('aws_secret_access_key', 'aws_access_key_id')
  }
  if (section['aws_secret_access_key'] !== undefined) {
    throw errors.incomplete('aws_access_key_id', 'aws_secret_access_key')
  }
  if (section['web_identity_token_file'] !== undefined) {
    throw errors.incomplete('role_arn', 'web_identity_token_file')
  }
  if (section['source_profile'] !== undefined) throw errors.incomplete('role_arn', 'source_profile')
  if (section['credential_process'] !== undefined) return { kind: 'process', profile: name }
  const access = readSsoAccess(section, config, errors)
  if (access !== undefined) return { kind: 'sso', profile: name, access }
  if (section['login_session'] !== undefined) return { kind: 'login', profile: name }
  const place = section['credential_source']
  if (place !== undefined) return placeSource(name, place, errors)
  throw errors.incomplete(undefined)
}

function placeSource(profile: string, place: string, errors: ProfileErrors): CredentialSource {
  if (!(place in credentialSources)) throw errors.invalid('credential_source')
  return { kind: credentialSources[place as keyof typeof credentialSources], profile }
}

function hasKeys(section: Section): boolean {
  return section['aws_access_key_id'] !== undefined && section['aws_secret_access_key'] !== undefined
}

function staticSource(profile: string, section: Section): CredentialSource {
  return { kind: 'static', profile, temporary: section['aws_session_token'] !== undefined }
}
