import type { Section } from './aws-config.ts'
import type { ProfileErrors } from './profile-errors.ts'
import { parseRoleArn, type RoleArn } from './role-arn.ts'

/** One role to take. `profile` is the one that names it. */
export interface RoleStep extends RoleArn {
  readonly profile: string
  readonly roleArn: string
  readonly durationSeconds: number
  readonly sessionName?: string
  readonly externalId?: string
  readonly mfaSerial?: string
  readonly region?: string
}

const usualSeconds = 3600
const leastSeconds = 900
const mostSeconds = 43_200

/** @throws AppError `profile-invalid` for an ARN or a duration that AWS would not take. */
export function readRoleStep(profile: string, section: Section, errors: ProfileErrors): RoleStep {
  const { role_arn: roleArn = '', duration_seconds: duration } = section
  const parts = parseRoleArn(roleArn)
  if (parts === undefined) throw errors.invalid('role_arn')
  const durationSeconds = duration === undefined ? usualSeconds : Number(duration)
  if (!Number.isInteger(durationSeconds) || durationSeconds < leastSeconds || durationSeconds > mostSeconds) {
    throw errors.invalid('duration_seconds')
  }
  const { role_session_name: sessionName, external_id: externalId, mfa_serial: mfaSerial, region } = section
  return {
    ...parts,
    profile,
    roleArn,
    durationSeconds,
    ...(sessionName !== undefined && { sessionName }),
    ...(externalId !== undefined && { externalId }),
    ...(mfaSerial !== undefined && { mfaSerial }),
    ...(region !== undefined && { region }),
  }
}
