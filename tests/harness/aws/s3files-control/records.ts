/** As on the wire. */
export type LifeCycleState = 'available' | 'creating' | 'deleted' | 'deleting' | 'error' | 'updating'

/** What all resources of S3 Files have in common. */
export interface Life {
  status: LifeCycleState
  statusMessage?: string | undefined
}

export interface Tag {
  readonly key: string
  readonly value: string
}

export interface FileSystemInput {
  /** ARN of the bucket. */
  readonly bucket: string
  readonly roleArn: string
  readonly prefix?: string | undefined
  readonly kmsKeyId?: string | undefined
  readonly clientToken?: string | undefined
  readonly acceptBucketWarning?: boolean | undefined
  readonly tags?: readonly Tag[] | undefined
}

export interface FileSystemRecord extends FileSystemInput, Life {
  readonly fileSystemId: string
  readonly fileSystemArn: string
  readonly ownerId: string
  readonly creationTimeMs: number
  policy?: string | undefined
  /** Changes that have not reached the bucket; a test sets it. */
  pendingExports: number
}

export interface MountTargetInput {
  readonly fileSystemId: string
  readonly subnetId: string
  readonly ipv4Address?: string | undefined
  readonly securityGroups?: readonly string[] | undefined
}

export interface MountTargetRecord extends Life {
  readonly mountTargetId: string
  readonly ownerId: string
  readonly fileSystemId: string
  readonly subnetId: string
  readonly ipv4Address: string
  readonly availabilityZoneId: string
  readonly networkInterfaceId: string
  readonly vpcId: string
  securityGroups: readonly string[]
}

export interface AccessPointInput {
  readonly fileSystemId: string
  readonly clientToken?: string | undefined
  readonly posixUser?:
    | { readonly uid: number; readonly gid: number; readonly secondaryGids?: readonly number[] | undefined }
    | undefined
  readonly rootDirectory?:
    | {
        readonly path?: string | undefined
        readonly creationPermissions?:
          { readonly ownerUid: number; readonly ownerGid: number; readonly permissions: string } | undefined
      }
    | undefined
  readonly tags?: readonly Tag[] | undefined
}

export interface AccessPointRecord extends AccessPointInput, Life {
  readonly accessPointId: string
  readonly accessPointArn: string
  readonly ownerId: string
}

/** A refusal as S3 Files words it: the name is the SDK's exception. */
export class S3FilesRefusal extends Error {
  readonly status: number
  readonly errorCode: string

  constructor(status: number, name: S3FilesRefusalName, errorCode: string, message: string) {
    super(message)
    this.name = name
    this.status = status
    this.errorCode = errorCode
  }
}

export type S3FilesRefusalName =
  'ConflictException' | 'ResourceNotFoundException' | 'ValidationException' | 'ServiceQuotaExceededException'
