import { randomBytes } from 'node:crypto'

/** A key pair of the account, and whom it speaks for. */
export interface AwsKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Only with temporary ones. */
  readonly session?: { readonly token: string; readonly expiresAtMs: number }
  readonly arn: string
}

export interface AwsRole {
  readonly arn: string
  /** ARNs of users and roles that may take it; `*` for all that have a key. */
  readonly trusts: readonly string[]
  readonly externalId?: string
  /** The authenticator that has to be used, and the code it shows at the moment. */
  readonly mfa?: { readonly serial: string; code: string }
  /** The web identity tokens it trusts. */
  readonly tokens?: readonly string[]
  readonly mostSeconds?: number
}

/** Who exists in the AWS of a test, shared by its services. Everything may be changed while they run. */
export class AwsAccount {
  readonly accountId = '111122223333'
  readonly keys = new Map<string, AwsKey>()
  readonly roles = new Map<string, AwsRole>()
  #count = 0

  addUser(name: string): AwsKey {
    return this.#add({
      accessKeyId: this.#keyId('AKIA'),
      secretAccessKey: secret(30),
      arn: `arn:aws:iam::${this.accountId}:user/${name}`,
    })
  }

  addRole(name: string, rest: Omit<AwsRole, 'arn'>): AwsRole {
    const role = { arn: `arn:aws:iam::${this.accountId}:role/${name}`, ...rest }
    this.roles.set(role.arn, role)
    return role
  }

  /** Temporary credentials for a role, as STS and the SSO portal give them out. */
  issue(
    roleName: string,
    sessionName: string,
    expiresAtMs: number,
  ): AwsKey & Required<Pick<AwsKey, 'session'>> {
    const key = {
      accessKeyId: this.#keyId('ASIA'),
      secretAccessKey: secret(30),
      session: { token: secret(120), expiresAtMs },
      arn: `arn:aws:sts::${this.accountId}:assumed-role/${roleName}/${sessionName}`,
    }
    this.#add(key)
    return key
  }

  revoke({ accessKeyId }: AwsKey): void {
    this.keys.delete(accessKeyId)
  }

  #add(key: AwsKey): AwsKey {
    this.keys.set(key.accessKeyId, key)
    return key
  }

  #keyId(prefix: string): string {
    this.#count += 1
    return `${prefix}TEST${String(this.#count).padStart(12, '0')}`
  }
}

/** In base64, as AWS's are, so that what has to escape `+` and `/` is tried. */
function secret(bytes: number): string {
  return randomBytes(bytes).toString('base64')
}
