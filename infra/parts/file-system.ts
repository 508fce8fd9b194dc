import { Aws, Fn } from 'aws-cdk-lib'
import { CfnFileSystem } from 'aws-cdk-lib/aws-s3files'

import { either, type StackContext } from '../stack-context.ts'
import type { BucketPart } from './bucket.ts'
import type { ServiceRolePart } from './service-role.ts'

export interface FileSystemPart {
  readonly id: string
  readonly arn: string
}

/** One rule for all of it: more can be set later, without the stack. */
export function addFileSystem(
  context: StackContext,
  bucket: BucketPart,
  serviceRole: ServiceRolePart,
): FileSystemPart {
  const { stack, value, numberValue, isGiven, equals } = context
  const fileSystem = new CfnFileSystem(stack, 'FileSystem', {
    bucket: bucket.arn,
    roleArn: serviceRole.arn,
    prefix: either(isGiven('BucketPrefix'), value('BucketPrefix'), Aws.NO_VALUE),
    acceptBucketWarning: Fn.conditionIf(equals('AcceptBucketWarning', 'yes').logicalId, true, Aws.NO_VALUE),
    synchronizationConfiguration: {
      importDataRules: [
        { prefix: '', sizeLessThan: numberValue('ImportBelowBytes'), trigger: value('ImportTrigger') },
      ],
      expirationDataRules: [{ daysAfterLastAccess: numberValue('ExpireAfterDays') }],
    },
  })
  fileSystem.addResourceDependency(serviceRole.policy)
  return { id: fileSystem.attrFileSystemId, arn: fileSystem.attrFileSystemArn }
}
