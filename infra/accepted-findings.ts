import { Validations, type Stack } from 'aws-cdk-lib'

export interface AcceptedFinding {
  /** As the report names it; for a rule with several findings, which one. */
  readonly rule: string
  /** Logical ids of the resources it is found on, in whatever templates they are in; `undefined`: the template itself. */
  readonly resources?: readonly string[]
  readonly reason: string
}

const syncWildcard =
  'S3 Files uses the variants for versions and tags too; the User Guide names it like this.'

/** All that cdk-nag and AWS's validator say against the templates, and why it stays. */
export const acceptedFindings: readonly AcceptedFinding[] = [
  {
    rule: 'AwsSolutions-S1',
    resources: ['Bucket'],
    reason:
      'Access logs need a second bucket and grow with every read. Who wants them has a bucket of their own.',
  },
  {
    rule: 'AwsSolutions-VPC7',
    resources: ['Vpc'],
    reason: 'Flow logs cost more than the network of one user, whose only traffic is NFS in TLS.',
  },
  ...['s3:DeleteObject*', 's3:GetObject*', 's3:List*', 's3:PutObject*'].map((action) => ({
    rule: `AwsSolutions-IAM5[Action::${action}]`,
    resources: ['ServiceRolePolicy'],
    reason: syncWildcard,
  })),
  {
    rule: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::{"Fn::If":["NoExistingBucketName",{"Ref":"Bucket"},{"Ref":"ExistingBucketName"}]}/*]',
    resources: ['ServiceRolePolicy'],
    reason: 'The objects of the one bucket.',
  },
  {
    rule: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:events:<AWS::Region>:<AWS::AccountId>:rule/DO-NOT-DELETE-S3-Files*]',
    resources: ['ServiceRolePolicy'],
    reason: 'S3 Files chooses the rest of the name of its rule.',
  },
  {
    rule: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:events:<AWS::Region>:<AWS::AccountId>:rule/*]',
    resources: ['ServiceRolePolicy'],
    reason: 'Reading rules only: S3 Files looks for its own among them.',
  },
  {
    rule: 'AwsSolutions-IAM5[Resource::*]',
    resources: ['InstanceRolePolicy'],
    reason: 'The actions of a session have no resources.',
  },
  {
    rule: 'AwsSolutions-EC23',
    resources: ['AllowedCidrRule', 'AllowedCidr2Rule', 'AllowedCidr3Rule'],
    reason:
      'The range is a parameter, which the rule cannot read. Its pattern and the rule NotOpenByAccident keep it narrow.',
  },
  {
    rule: 'AwsSolutions-ELB2',
    resources: ['LoadBalancer'],
    reason: 'Network load balancers write access logs for TLS listeners only; this one passes TCP on.',
  },
  {
    rule: 'AwsSolutions-EC28',
    resources: ['Instance'],
    reason: 'Nothing scales on its metrics; detailed ones cost as much as the instance.',
  },
  {
    rule: 'AwsSolutions-EC29',
    resources: ['Instance'],
    reason: 'Nothing on it is worth keeping, and a stack must be removable.',
  },
  {
    rule: 'CloudFormation-Validate::W1001',
    reason: 'The bucket’s name is asked for only where the bucket is made: by Fn::If, on the same condition.',
  },
  {
    rule: 'CloudFormation-Validate::W1030',
    resources: ['MountTarget'],
    reason: 'The empty default stands for a new subnet, whose id is then used: by Fn::If.',
  },
  {
    rule: 'CloudFormation-Validate::W1030',
    reason: 'The same, reported for the parameter.',
  },
]

/** Tells the CDK, so that synthesizing fails for all other findings. */
export function acceptFindings(stack: Stack, findings: readonly AcceptedFinding[]): void {
  for (const { rule, resources, reason } of findings) {
    const scopes = resources === undefined ? [stack] : resources.map((id) => stack.node.tryFindChild(id))
    for (const scope of scopes) {
      if (scope !== undefined) Validations.of(scope).acknowledge({ id: rule, reason })
    }
  }
}
