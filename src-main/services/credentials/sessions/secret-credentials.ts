import { inspect } from 'node:util'

import type { SessionCredentials } from '../tunnel-identity.ts'

/**
 * Credentials that neither a log, nor JSON, nor a spread shows: their secrets are no properties of the object, but are read from it
 * by name. They stay in this process's memory.
 */
export class SecretCredentials implements SessionCredentials {
  readonly expiresAtMs: number | undefined
  readonly #secrets: Secrets

  constructor({ expiresAtMs, ...secrets }: SessionCredentials) {
    this.expiresAtMs = expiresAtMs
    this.#secrets = secrets
  }

  get accessKeyId(): string {
    return this.#secrets.accessKeyId
  }

  get secretAccessKey(): string {
    return this.#secrets.secretAccessKey
  }

  get sessionToken(): string | undefined {
    return this.#secrets.sessionToken
  }

  toJSON(): object {
    return { expiresAtMs: this.expiresAtMs }
  }

  [inspect.custom](): string {
    return 'SecretCredentials'
  }
}

type Secrets = Pick<SessionCredentials, 'accessKeyId' | 'secretAccessKey' | 'sessionToken'>

/** As the AWS SDK takes them. For the moment of a call: the object shows all it has. */
export function sdkCredentials({ accessKeyId, secretAccessKey, sessionToken }: SessionCredentials): {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
} {
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) }
}
