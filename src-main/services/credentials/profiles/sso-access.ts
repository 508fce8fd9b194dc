import type { SsoAccess } from '../ports.ts'
import type { AwsConfig, Section } from './aws-config.ts'
import type { ProfileErrors } from './profile-errors.ts'

const ssoKeys = ['sso_session', 'sso_start_url', 'sso_region', 'sso_account_id', 'sso_role_name']

/**
 * What a profile says about IAM Identity Center; `undefined` when it says nothing.
 * @throws AppError when it says only a part, or names an `sso-session` that is not there or that it contradicts.
 */
export function readSsoAccess(
  section: Section,
  config: AwsConfig,
  errors: ProfileErrors,
): SsoAccess | undefined {
  const mentioned = ssoKeys.find((key) => section[key] !== undefined)
  if (mentioned === undefined) return undefined
  const { sso_session: sessionName, sso_account_id: accountId, sso_role_name: roleName } = section
  const place =
    sessionName === undefined
      ? readPlace(section, errors, mentioned)
      : { sessionName, ...readSession(sessionName, section, config, errors) }
  if (accountId === undefined) throw errors.incomplete('sso_account_id', mentioned)
  if (roleName === undefined) throw errors.incomplete('sso_role_name', mentioned)
  if (!/^\d{12}$/.test(accountId)) throw errors.invalid('sso_account_id')
  return { ...place, accountId, roleName }
}

type SsoPlace = Pick<SsoAccess, 'startUrl' | 'region' | 'scopes'>

function readPlace(section: Section, errors: ProfileErrors, near: string | undefined): SsoPlace {
  const { sso_start_url: startUrl, sso_region: region, sso_registration_scopes: scopes } = section
  if (startUrl === undefined) throw errors.incomplete('sso_start_url', near)
  if (!URL.canParse(startUrl) || !/^https?:$/.test(new URL(startUrl).protocol)) {
    throw errors.invalid('sso_start_url')
  }
  if (region === undefined) throw errors.incomplete('sso_region', near)
  return {
    startUrl,
    region,
    scopes:
      scopes
        ?.split(',')
        .map((scope) => scope.trim())
        .filter(Boolean) ?? [],
  }
}

function readSession(name: string, profile: Section, config: AwsConfig, errors: ProfileErrors): SsoPlace {
  const session = config.ssoSession(name)
  if (session === undefined) throw errors.sourceMissing(`sso-session ${name}`, 'sso_session')
  const place = readPlace(session, errors.below(`sso-session.${name}`), undefined)
  if (profile['sso_region'] !== undefined && profile['sso_region'] !== place.region) {
    throw errors.invalid('sso_region')
  }
  if (profile['sso_start_url'] !== undefined && profile['sso_start_url'] !== place.startUrl) {
    throw errors.invalid('sso_start_url')
  }
  return place
}
