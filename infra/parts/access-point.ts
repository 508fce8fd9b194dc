import { CfnAccessPoint } from 'aws-cdk-lib/aws-s3files'

import type { StackContext } from '../stack-context.ts'
import type { FileSystemPart } from './file-system.ts'

export interface AccessPointPart {
  readonly id: string
  readonly arn: string
}

/** The only door to the file system. Its user and folder cannot be changed later: a change of either makes a new access point. */
export function addAccessPoint({ stack, value }: StackContext, fileSystem: FileSystemPart): AccessPointPart {
  const uid = value('PosixUid')
  const gid = value('PosixGid')
  const accessPoint = new CfnAccessPoint(stack, 'AccessPoint', {
    fileSystemId: fileSystem.id,
    posixUser: { uid, gid },
    rootDirectory: {
      path: value('RootDirectory'),
      // Without these a folder that is missing is not made, and every mount fails.
      creationPermissions: { ownerUid: uid, ownerGid: gid, permissions: '0755' },
    },
  })
  return { id: accessPoint.attrAccessPointId, arn: accessPoint.attrAccessPointArn }
}
