import { Aws, CfnDeletionPolicy, Fn } from 'aws-cdk-lib'
import { CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3'

import { either, onlyWhen, type StackContext } from '../stack-context.ts'

export interface BucketPart {
  readonly name: string
  readonly arn: string
}

/**
 * A new bucket, or the existing one that `ExistingBucketName` names, of which nothing is changed. A new one outlives its stack, with the policy
 * that keeps it to TLS; only when the stack fails to come up are both removed again.
 */
export function addBucket(context: StackContext): BucketPart {
  const { stack, value, isGiven, isEmpty } = context
  const makesBucket = isEmpty('ExistingBucketName')
  const hasKey = isGiven('KmsKeyArn')

  const bucket = new CfnBucket(stack, 'Bucket', {
    bucketName: either(isGiven('NewBucketName'), value('NewBucketName'), Aws.NO_VALUE),
    versioningConfiguration: { status: 'Enabled' },
    bucketEncryption: {
      serverSideEncryptionConfiguration: [
        {
          serverSideEncryptionByDefault: {
            sseAlgorithm: either(hasKey, 'aws:kms', 'AES256'),
            kmsMasterKeyId: either(hasKey, value('KmsKeyArn'), Aws.NO_VALUE),
          },
          bucketKeyEnabled: Fn.conditionIf(hasKey.logicalId, true, Aws.NO_VALUE),
        },
      ],
    },
    publicAccessBlockConfiguration: {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    ownershipControls: { rules: [{ objectOwnership: 'BucketOwnerEnforced' }] },
    lifecycleConfiguration: {
      rules: [
        {
          id: 'old-versions',
          status: 'Enabled',
          noncurrentVersionExpiration: { noncurrentDays: context.numberValue('OldVersionDays') },
          expiredObjectDeleteMarker: true,
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
      ],
    },
  })

  const policy = new CfnBucketPolicy(stack, 'BucketPolicy', {
    bucket: bucket.ref,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'TlsOnly',
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: [bucket.attrArn, Fn.join('', [bucket.attrArn, '/*'])],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    },
  })

  for (const retained of [bucket, policy]) {
    retained.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE
    retained.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN
  }
  onlyWhen(makesBucket, bucket, policy)

  const name = either(makesBucket, bucket.ref, value('ExistingBucketName'))
  return { name, arn: Fn.join('', ['arn:', Aws.PARTITION, ':s3:::', name]) }
}
