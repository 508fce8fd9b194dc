import type { AccessPointRecord, FileSystemRecord, MountTargetRecord, Tag } from './records.ts'

/*
 * Records as the SDK's model has them on the wire. A list tells less than a single one: no prefix of a file system, no security groups of a
 * mount target.
 */

export function fileSystemView(record: FileSystemRecord): Record<string, unknown> {
  const { prefix, kmsKeyId, clientToken, tags } = record
  return { ...fileSystemLine(record), prefix, kmsKeyId, clientToken, tags }
}

export function fileSystemLine(record: FileSystemRecord): Record<string, unknown> {
  const { fileSystemId, fileSystemArn, bucket, status, statusMessage, roleArn, ownerId, tags } = record
  return {
    creationTime: record.creationTimeMs / 1000,
    fileSystemId,
    fileSystemArn,
    bucket,
    status,
    statusMessage,
    roleArn,
    ownerId,
    name: nameOf(tags),
  }
}

export function mountTargetView(record: MountTargetRecord): Record<string, unknown> {
  return { ...record }
}

export function mountTargetLine(record: MountTargetRecord): Record<string, unknown> {
  return { ...record, securityGroups: undefined }
}

export function accessPointView(record: AccessPointRecord): Record<string, unknown> {
  return { ...accessPointLine(record), clientToken: record.clientToken, tags: record.tags }
}

export function accessPointLine(record: AccessPointRecord): Record<string, unknown> {
  const { accessPointId, accessPointArn, fileSystemId, status, ownerId, posixUser, rootDirectory } = record
  return {
    accessPointId,
    accessPointArn,
    fileSystemId,
    status,
    ownerId,
    posixUser,
    rootDirectory,
    name: nameOf(record.tags),
  }
}

function nameOf(tags: readonly Tag[] | undefined): string | undefined {
  return tags?.find(({ key }) => key === 'Name')?.value
}
