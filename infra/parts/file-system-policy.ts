import { Aws, Fn } from 'aws-cdk-lib'
import { CfnFileSystemPolicy } from 'aws-cdk-lib/aws-s3files'

import type { StackContext } from '../stack-context.ts'
import type { AccessPointPart } from './access-point.ts'
import type { FileSystemPart } from './file-system.ts'

const mountAndWrite = ['s3files:ClientMount', 's3files:ClientWrite']
const actAsRoot = 's3files:ClientRootAccess'

/**
 * Nobody gets in but through the access point, and nobody as root unless the access point's user is root; no policy of a user can override
 * that. Who gets in is up to the policies of users, and to `ClientPrincipalArn`.
 */
export function addFileSystemPolicy(
  { stack, value, isGiven, equals }: StackContext,
  fileSystem: FileSystemPart,
  accessPoint: AccessPointPart,
): void {
  const isRoot = equals('PosixUid', '0').logicalId
  const throughAccessPoint = { 's3files:AccessPointArn': accessPoint.arn }
  new CfnFileSystemPolicy(stack, 'FileSystemPolicy', {
    fileSystemId: fileSystem.id,
    policy: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'OnlyThroughTheAccessPoint',
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: [...mountAndWrite, actAsRoot],
          Resource: fileSystem.arn,
          // Holds as well for a mount without any access point.
          Condition: { StringNotEquals: throughAccessPoint },
        },
        Fn.conditionIf(isRoot, Aws.NO_VALUE, {
          Sid: 'NobodyIsRoot',
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: actAsRoot,
          Resource: fileSystem.arn,
        }),
        Fn.conditionIf(
          isGiven('ClientPrincipalArn').logicalId,
          {
            Sid: 'ClientMayMount',
            Effect: 'Allow',
            Principal: { AWS: value('ClientPrincipalArn') },
            Action: Fn.conditionIf(isRoot, [...mountAndWrite, actAsRoot], mountAndWrite),
            Resource: fileSystem.arn,
            Condition: { StringEquals: throughAccessPoint },
          },
          Aws.NO_VALUE,
        ),
      ],
    },
  })
}
