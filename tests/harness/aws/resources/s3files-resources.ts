import type { AccessPointInput } from '../s3files-control/records.ts'
import type { S3FilesState } from '../s3files-control/s3files-state.ts'
import type { ResourceKind } from './local-resource-host.ts'
import { numberOf, partOf, tagsOf, textOf, textsOf, type Properties } from './properties.ts'

/** S3 Files' types as CloudFormation makes them: upper-case names, numbers as text, and an ARN for `Ref` of a file system. */
export function s3FilesResources(state: S3FilesState): Readonly<Record<string, ResourceKind>> {
  return {
    'AWS::S3Files::FileSystem': {
      create: ({ properties }) => {
        const record = state.createFileSystem({
          bucket: textOf(properties, 'Bucket') ?? '',
          roleArn: textOf(properties, 'RoleArn') ?? '',
          prefix: textOf(properties, 'Prefix'),
          kmsKeyId: textOf(properties, 'KmsKeyId'),
          acceptBucketWarning: properties['AcceptBucketWarning'] === true,
          tags: tagsOf(properties),
        })
        const { fileSystemArn, fileSystemId, ownerId, status } = record
        return {
          physicalId: fileSystemArn,
          attributes: {
            FileSystemArn: fileSystemArn,
            FileSystemId: fileSystemId,
            OwnerId: ownerId,
            Status: status,
          },
        }
      },
      remove: (arn) => ifThere(state.fileSystems, arn, () => state.deleteFileSystem(arn)),
    },
    'AWS::S3Files::FileSystemPolicy': {
      create: ({ properties }) => {
        const fileSystem = state.fileSystem(textOf(properties, 'FileSystemId') ?? '')
        fileSystem.policy = JSON.stringify(properties['Policy'])
        return { physicalId: fileSystem.fileSystemId, attributes: {} }
      },
      update: ({ properties }, { physicalId }) => {
        state.fileSystem(physicalId).policy = JSON.stringify(properties['Policy'])
      },
      remove: (id) =>
        ifThere(state.fileSystems, id, () => {
          state.fileSystem(id).policy = undefined
        }),
    },
    'AWS::S3Files::MountTarget': {
      create: ({ properties }) => {
        const record = state.createMountTarget({
          fileSystemId: textOf(properties, 'FileSystemId') ?? '',
          subnetId: textOf(properties, 'SubnetId') ?? '',
          ipv4Address: textOf(properties, 'Ipv4Address'),
          securityGroups: textsOf(properties, 'SecurityGroups'),
        })
        const { mountTargetId, availabilityZoneId, networkInterfaceId, ownerId, vpcId } = record
        return {
          physicalId: mountTargetId,
          attributes: {
            MountTargetId: mountTargetId,
            AvailabilityZoneId: availabilityZoneId,
            NetworkInterfaceId: networkInterfaceId,
            OwnerId: ownerId,
            VpcId: vpcId,
          },
        }
      },
      update: ({ properties }, { physicalId }) => {
        state.mountTarget(physicalId).securityGroups = textsOf(properties, 'SecurityGroups') ?? []
      },
      remove: (id) => ifThere(state.mountTargets, id, () => state.deleteMountTarget(id)),
    },
    'AWS::S3Files::AccessPoint': {
      create: ({ properties }) => {
        const record = state.createAccessPoint(accessPointOf(properties))
        const { accessPointId, accessPointArn, ownerId } = record
        return {
          physicalId: accessPointId,
          attributes: { AccessPointId: accessPointId, AccessPointArn: accessPointArn, OwnerId: ownerId },
        }
      },
      remove: (id) => ifThere(state.accessPoints, id, () => state.deleteAccessPoint(id)),
    },
  }
}

/** CloudFormation takes what is gone already for deleted. */
function ifThere(records: ReadonlyMap<string, unknown>, idOrArn: string, work: () => void): void {
  if (records.has(idOrArn.split('/').at(-1) ?? '')) work()
}

function accessPointOf(properties: Properties): AccessPointInput {
  const user = partOf(properties, 'PosixUser')
  const root = partOf(properties, 'RootDirectory')
  const creation = root && partOf(root, 'CreationPermissions')
  return {
    fileSystemId: textOf(properties, 'FileSystemId') ?? '',
    tags: tagsOf(properties),
    posixUser: user && { uid: numberOf(user, 'Uid') ?? 0, gid: numberOf(user, 'Gid') ?? 0 },
    rootDirectory: root && {
      path: textOf(root, 'Path'),
      creationPermissions: creation && {
        ownerUid: numberOf(creation, 'OwnerUid') ?? 0,
        ownerGid: numberOf(creation, 'OwnerGid') ?? 0,
        permissions: textOf(creation, 'Permissions') ?? '0755',
      },
    },
  }
}
