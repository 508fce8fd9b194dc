import type { SecretCredentials } from './secret-credentials.ts'

/** Credentials of one profile, good for now. */
export interface Session {
  readonly profile: string
  readonly credentials: SecretCredentials
  readonly issuedAtMs: number
  /** Absent for keys that do not end, or do not say when. */
  readonly expiresAtMs?: number
  readonly accountId?: string
  readonly roleName?: string
}

/** Whether a renewal brought what was there already: keys without an end are read again and again. */
export function isSameKey({ credentials: before }: Session, { credentials: after }: Session): boolean {
  return before.accessKeyId === after.accessKeyId && before.sessionToken === after.sessionToken
}
