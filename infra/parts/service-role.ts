import { Aws, Fn } from 'aws-cdk-lib'
import { CfnPolicy, CfnRole } from 'aws-cdk-lib/aws-iam'

import type { StackContext } from '../stack-context.ts'
import type { BucketPart } from './bucket.ts'

/** S3 Files is built on EFS and still assumes roles by that name. */
const servicePrincipal = 'elasticfilesystem.amazonaws.com'

export interface ServiceRolePart {
  readonly arn: string
  /** S3 Files does not look at the role when a file system is made: without this one it stays in `creating` for good. */
  readonly policy: CfnPolicy
}

/** The role that S3 Files assumes to keep bucket and file system in step; statements as the User Guide asks for them, on one bucket. */
export function addServiceRole(context: StackContext, bucket: BucketPart): ServiceRolePart {
  const { stack, value, isGiven } = context
  const role = new CfnRole(stack, 'ServiceRole', {
    description: 'Lets S3 Files keep one bucket and its file system in step.',
    assumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'S3FilesOfThisAccount',
          Effect: 'Allow',
          Principal: { Service: servicePrincipal },
          Action: 'sts:AssumeRole',
          Condition: {
            StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
            ArnLike: { 'aws:SourceArn': arnHere('s3files', 'file-system/*') },
          },
        },
      ],
    },
  })

  const objectsArn = Fn.join('', [bucket.arn, '/*'])
  const policy = new CfnPolicy(stack, 'ServiceRolePolicy', {
    policyName: 'sync',
    roles: [role.ref],
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        ...bucketStatements(bucket.arn, objectsArn),
        ...eventStatements(),
        Fn.conditionIf(
          isGiven('KmsKeyArn').logicalId,
          keyStatement(value('KmsKeyArn'), bucket.arn, objectsArn),
          Aws.NO_VALUE,
        ),
      ],
    },
  })

  return { arn: role.attrArn, policy }
}

/** Wildcards, because S3 Files uses the variants for versions and tags as well. */
function bucketStatements(bucketArn: string, objectsArn: string): readonly object[] {
  const ofThisAccount = { StringEquals: { 'aws:ResourceAccount': Aws.ACCOUNT_ID } }
  return [
    {
      Sid: 'ListBucket',
      Effect: 'Allow',
      Action: ['s3:ListBucket', 's3:ListBucketVersions'],
      Resource: bucketArn,
      Condition: ofThisAccount,
    },
    {
      Sid: 'SyncObjects',
      Effect: 'Allow',
      Action: ['s3:AbortMultipartUpload', 's3:DeleteObject*', 's3:GetObject*', 's3:List*', 's3:PutObject*'],
      Resource: objectsArn,
      Condition: ofThisAccount,
    },
  ]
}

/** How S3 Files hears of changes in the bucket: by a rule that it makes itself. */
function eventStatements(): readonly object[] {
  return [
    {
      Sid: 'ManageOwnRule',
      Effect: 'Allow',
      Action: [
        'events:DeleteRule',
        'events:DisableRule',
        'events:EnableRule',
        'events:PutRule',
        'events:PutTargets',
        'events:RemoveTargets',
      ],
      Resource: arnHere('events', 'rule/DO-NOT-DELETE-S3-Files*'),
      Condition: { StringEquals: { 'events:ManagedBy': servicePrincipal } },
    },
    {
      Sid: 'ReadRules',
      Effect: 'Allow',
      Action: [
        'events:DescribeRule',
        'events:ListRuleNamesByTarget',
        'events:ListRules',
        'events:ListTargetsByRule',
      ],
      Resource: arnHere('events', 'rule/*'),
    },
  ]
}

/** S3 does the encryption, for this bucket and nothing else. */
function keyStatement(keyArn: string, bucketArn: string, objectsArn: string): object {
  return {
    Sid: 'UseKeyOfBucket',
    Effect: 'Allow',
    Action: ['kms:GenerateDataKey', 'kms:Encrypt', 'kms:Decrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
    Resource: keyArn,
    Condition: {
      StringLike: {
        'kms:ViaService': Fn.join('', ['s3.', Aws.REGION, '.amazonaws.com']),
        'kms:EncryptionContext:aws:s3:arn': [bucketArn, objectsArn],
      },
    },
  }
}

function arnHere(service: string, resource: string): string {
  return Fn.join(':', ['arn', Aws.PARTITION, service, Aws.REGION, Aws.ACCOUNT_ID, resource])
}
