import { Lives, type LifeTimes } from './lives.ts'
import {
  S3FilesRefusal,
  type AccessPointInput,
  type AccessPointRecord,
  type FileSystemInput,
  type FileSystemRecord,
  type Life,
  type MountTargetInput,
  type MountTargetRecord,
} from './records.ts'

export interface S3FilesStateOptions {
  readonly accountId: string
  readonly region: string
  readonly nowMs: () => number
  readonly times?: Partial<LifeTimes>
  /** Why a file system with this role never becomes available; `undefined` for a role that can do its work. */
  readonly faultOfRole?: (roleArn: string) => string | undefined
  /** Refuses a bucket as S3 Files would: no versions, not there. */
  readonly faultOfBucket?: (bucketArn: string) => string | undefined
  readonly zoneOf?: (subnetId: string) => { readonly availabilityZoneId: string; readonly vpcId: string }
}

const mostMountTargetsPerZone = 1

/** S3 Files' resources of one account and region, with the rules by which they come and go. */
export class S3FilesState {
  readonly fileSystems = new Map<string, FileSystemRecord>()
  readonly mountTargets = new Map<string, MountTargetRecord>()
  readonly accessPoints = new Map<string, AccessPointRecord>()
  readonly #options: S3FilesStateOptions
  readonly #lives: Lives
  #count = 0

  constructor(options: S3FilesStateOptions) {
    this.#options = options
    this.#lives = new Lives(options.nowMs, { creatingMs: 0, deletingMs: 0, ...options.times })
  }

  /** Takes note of the time. Called before each request. */
  settle(): void {
    this.#lives.settle()
  }

  createFileSystem(input: FileSystemInput): FileSystemRecord {
    const { accountId, region, nowMs, faultOfRole, faultOfBucket } = this.#options
    const known = sameToken(this.fileSystems, input.clientToken)
    if (known !== undefined) return known
    const refused = faultOfBucket?.(input.bucket)
    if (refused !== undefined) throw new S3FilesRefusal(400, 'ValidationException', 'InvalidBucket', refused)
    const fileSystemId = this.#id('fs', 17)
    const record: FileSystemRecord = {
      ...input,
      fileSystemId,
      fileSystemArn: `arn:aws:s3files:${region}:${accountId}:file-system/${fileSystemId}`,
      ownerId: accountId,
      creationTimeMs: nowMs(),
      status: 'creating',
      pendingExports: 0,
    }
    this.fileSystems.set(fileSystemId, record)
    // The role is not looked at when the call is made: a wrong one shows later, and only here.
    const fault = (): string | undefined => faultOfRole?.(input.roleArn)
    record.statusMessage = fault()
    this.#lives.begin(record, () => fault() !== undefined)
    return record
  }

  createMountTarget(input: MountTargetInput): MountTargetRecord {
    const fileSystem = this.#availableFileSystem(input.fileSystemId)
    const { zoneOf } = this.#options
    const { availabilityZoneId, vpcId } = zoneOf?.(input.subnetId) ?? {
      availabilityZoneId: 'euc1-az1',
      vpcId: 'vpc-0123456789abcdef0',
    }
    const others = this.mountTargetsOf(fileSystem.fileSystemId)
    if (
      others.filter((one) => one.availabilityZoneId === availabilityZoneId).length >= mostMountTargetsPerZone
    )
      throw new S3FilesRefusal(
        409,
        'ConflictException',
        'MountTargetConflict',
        `There is a mount target in ${availabilityZoneId} already.`,
      )
    const record: MountTargetRecord = {
      mountTargetId: this.#id('fsmt', 17),
      ownerId: fileSystem.ownerId,
      fileSystemId: fileSystem.fileSystemId,
      subnetId: input.subnetId,
      ipv4Address: input.ipv4Address ?? `10.82.77.${20 + others.length}`,
      availabilityZoneId,
      networkInterfaceId: this.#id('eni', 17),
      vpcId,
      securityGroups: input.securityGroups ?? [],
      status: 'creating',
    }
    this.mountTargets.set(record.mountTargetId, record)
    this.#lives.begin(record)
    return record
  }

  createAccessPoint(input: AccessPointInput): AccessPointRecord {
    const known = sameToken(this.accessPoints, input.clientToken)
    if (known !== undefined) return known
    const { fileSystemId, fileSystemArn, ownerId } = this.fileSystem(input.fileSystemId)
    const accessPointId = this.#id('fsap', 17)
    const record: AccessPointRecord = {
      ...input,
      fileSystemId,
      accessPointId,
      accessPointArn: `${fileSystemArn}/access-point/${accessPointId}`,
      ownerId,
      status: 'creating',
    }
    this.accessPoints.set(accessPointId, record)
    this.#lives.begin(record)
    return record
  }

  /** By id or ARN, as in all of S3 Files' calls. */
  fileSystem(idOrArn: string): FileSystemRecord {
    return found(this.fileSystems, idOrArn.split('/').at(-1) ?? '', 'FileSystemNotFound')
  }

  mountTarget(id: string): MountTargetRecord {
    return found(this.mountTargets, id, 'MountTargetNotFound')
  }

  accessPoint(idOrArn: string): AccessPointRecord {
    return found(this.accessPoints, idOrArn.split('/').at(-1) ?? '', 'AccessPointNotFound')
  }

  mountTargetsOf(fileSystemId: string): MountTargetRecord[] {
    return [...this.mountTargets.values()].filter((one) => one.fileSystemId === fileSystemId)
  }

  accessPointsOf(fileSystemId: string): AccessPointRecord[] {
    return [...this.accessPoints.values()].filter((one) => one.fileSystemId === fileSystemId)
  }

  deleteMountTarget(id: string): void {
    const record = this.mountTarget(id)
    this.#lives.end(record, () => this.mountTargets.delete(record.mountTargetId))
  }

  deleteAccessPoint(id: string): void {
    const record = this.accessPoint(id)
    this.#lives.end(record, () => this.accessPoints.delete(record.accessPointId))
  }

  /** Refused while anything hangs on it, or, unless forced, while changes wait for the bucket. */
  deleteFileSystem(idOrArn: string, isForced = false): void {
    const record = this.fileSystem(idOrArn)
    const { fileSystemId, pendingExports } = record
    if (this.mountTargetsOf(fileSystemId).length > 0 || this.accessPointsOf(fileSystemId).length > 0)
      throw new S3FilesRefusal(
        409,
        'ConflictException',
        'FileSystemInUse',
        `${fileSystemId} has mount targets or access points.`,
      )
    if (pendingExports > 0 && !isForced)
      throw new S3FilesRefusal(
        409,
        'ConflictException',
        'FileSystemHasPendingExport',
        `${fileSystemId} has data that is pending export.`,
      )
    this.#lives.end(record, () => this.fileSystems.delete(fileSystemId))
  }

  /** What a test wants to be seen from now on: a state that nothing else leads to. */
  setLife(record: Life, status: Life['status'], statusMessage?: string): void {
    record.status = status
    record.statusMessage = statusMessage
  }

  #availableFileSystem(idOrArn: string): FileSystemRecord {
    const record = this.fileSystem(idOrArn)
    if (record.status === 'available') return record
    throw new S3FilesRefusal(
      409,
      'ConflictException',
      'IncorrectFileSystemLifeCycleState',
      `${record.fileSystemId} is ${record.status}.`,
    )
  }

  #id(prefix: string, digits: number): string {
    this.#count += 1
    return `${prefix}-${this.#count.toString(16).padStart(digits, '0')}`
  }
}

function found<T>(records: ReadonlyMap<string, T>, id: string, errorCode: string): T {
  const record = records.get(id)
  if (record !== undefined) return record
  throw new S3FilesRefusal(404, 'ResourceNotFoundException', errorCode, `${id} does not exist.`)
}

function sameToken<T extends { readonly clientToken?: string | undefined }>(
  records: ReadonlyMap<string, T>,
  token: string | undefined,
): T | undefined {
  if (token === undefined) return undefined
  return [...records.values()].find(({ clientToken }) => clientToken === token)
}
