/** What the three client actions of S3 Files are in IAM. */
export type ClientAction = 's3files:ClientMount' | 's3files:ClientWrite' | 's3files:ClientRootAccess'

export const allClientActions: readonly ClientAction[] = [
  's3files:ClientMount',
  's3files:ClientWrite',
  's3files:ClientRootAccess',
]

/** A key pair that AWS gave out, and what its owner may do with the file system. */
export interface Principal {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Only with temporary credentials. */
  readonly session?: { readonly token: string; readonly expiresAtMs: number }
  readonly actions: readonly ClientAction[]
}

export interface AccessPoint {
  readonly accessPointId: string
  /** Whom all clients of the access point act as. */
  readonly user?: { readonly uid: number; readonly gid: number }
}

/** What the mount target knows of AWS; a test replaces it at any time, the next connection is judged by it. */
export interface Authority {
  readonly fileSystemId: string
  readonly region: string
  readonly accessPoints: readonly AccessPoint[]
  readonly principals: readonly Principal[]
}
