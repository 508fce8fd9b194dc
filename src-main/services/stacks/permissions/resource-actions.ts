/** What somebody must be allowed for a resource: CloudFormation acts with the rights of who deploys. */
export interface ResourceActions {
  readonly scope: ActionScope
  /** Making and changing it, and looking at it. */
  readonly make: readonly string[]
  readonly remove: readonly string[]
}

/** What a statement is limited to. */
export type ActionScope = 'anything' | 'buckets' | 'roles' | 'profiles' | 'file-systems'

const group: ResourceActions = {
  scope: 'anything',
  make: [
    'ec2:CreateSecurityGroup',
    'ec2:DescribeSecurityGroups',
    'ec2:RevokeSecurityGroupEgress',
    'ec2:AuthorizeSecurityGroupEgress',
    'ec2:CreateTags',
  ],
  remove: ['ec2:DeleteSecurityGroup', 'ec2:DescribeSecurityGroups'],
}

/** Each type of our templates. A test holds it complete. */
export const actionsOfResources: Readonly<Record<string, ResourceActions>> = {
  'AWS::S3::Bucket': {
    scope: 'buckets',
    make: [
      's3:CreateBucket',
      's3:PutBucketVersioning',
      's3:PutEncryptionConfiguration',
      's3:PutBucketPublicAccessBlock',
      's3:PutBucketOwnershipControls',
      's3:PutLifecycleConfiguration',
      's3:PutBucketTagging',
      's3:ListBucket',
    ],
    // A bucket that has just been made goes with the stack that failed.
    remove: ['s3:DeleteBucket'],
  },
  'AWS::S3::BucketPolicy': {
    scope: 'buckets',
    make: ['s3:PutBucketPolicy', 's3:GetBucketPolicy'],
    remove: ['s3:DeleteBucketPolicy', 's3:GetBucketPolicy'],
  },
  'AWS::IAM::Role': {
    scope: 'roles',
    make: ['iam:CreateRole', 'iam:GetRole', 'iam:TagRole', 'iam:UpdateAssumeRolePolicy', 'iam:UpdateRole'],
    remove: ['iam:DeleteRole', 'iam:GetRole'],
  },
  'AWS::IAM::Policy': {
    scope: 'roles',
    make: ['iam:PutRolePolicy', 'iam:GetRolePolicy'],
    remove: ['iam:DeleteRolePolicy', 'iam:GetRolePolicy'],
  },
  'AWS::IAM::InstanceProfile': {
    scope: 'profiles',
    make: ['iam:CreateInstanceProfile', 'iam:GetInstanceProfile', 'iam:AddRoleToInstanceProfile'],
    remove: ['iam:DeleteInstanceProfile', 'iam:GetInstanceProfile', 'iam:RemoveRoleFromInstanceProfile'],
  },
  'AWS::S3Files::FileSystem': {
    scope: 'file-systems',
    make: [
      's3files:CreateFileSystem',
      's3files:GetFileSystem',
      's3files:PutSynchronizationConfiguration',
      's3files:GetSynchronizationConfiguration',
      's3files:TagResource',
      's3files:ListTagsForResource',
    ],
    remove: ['s3files:DeleteFileSystem', 's3files:GetFileSystem'],
  },
  'AWS::S3Files::AccessPoint': {
    scope: 'file-systems',
    make: ['s3files:CreateAccessPoint', 's3files:GetAccessPoint'],
    remove: ['s3files:DeleteAccessPoint', 's3files:GetAccessPoint'],
  },
  'AWS::S3Files::MountTarget': {
    scope: 'file-systems',
    make: ['s3files:CreateMountTarget', 's3files:GetMountTarget', 's3files:UpdateMountTarget'],
    remove: ['s3files:DeleteMountTarget', 's3files:GetMountTarget'],
  },
  'AWS::S3Files::FileSystemPolicy': {
    scope: 'file-systems',
    make: ['s3files:PutFileSystemPolicy', 's3files:GetFileSystemPolicy'],
    remove: ['s3files:DeleteFileSystemPolicy', 's3files:GetFileSystemPolicy'],
  },
  'AWS::EC2::VPC': {
    scope: 'anything',
    make: [
      'ec2:CreateVpc',
      'ec2:DescribeVpcs',
      'ec2:DescribeVpcAttribute',
      'ec2:ModifyVpcAttribute',
      'ec2:CreateTags',
    ],
    remove: ['ec2:DeleteVpc', 'ec2:DescribeVpcs'],
  },
  'AWS::EC2::Subnet': {
    scope: 'anything',
    make: [
      'ec2:CreateSubnet',
      'ec2:DescribeSubnets',
      'ec2:ModifySubnetAttribute',
      'ec2:DescribeAvailabilityZones',
    ],
    remove: ['ec2:DeleteSubnet', 'ec2:DescribeSubnets'],
  },
  'AWS::EC2::InternetGateway': {
    scope: 'anything',
    make: ['ec2:CreateInternetGateway', 'ec2:DescribeInternetGateways'],
    remove: ['ec2:DeleteInternetGateway', 'ec2:DescribeInternetGateways'],
  },
  'AWS::EC2::VPCGatewayAttachment': {
    scope: 'anything',
    make: ['ec2:AttachInternetGateway'],
    remove: ['ec2:DetachInternetGateway'],
  },
  'AWS::EC2::RouteTable': {
    scope: 'anything',
    make: ['ec2:CreateRouteTable', 'ec2:DescribeRouteTables'],
    remove: ['ec2:DeleteRouteTable', 'ec2:DescribeRouteTables'],
  },
  'AWS::EC2::Route': { scope: 'anything', make: ['ec2:CreateRoute'], remove: ['ec2:DeleteRoute'] },
  'AWS::EC2::SubnetRouteTableAssociation': {
    scope: 'anything',
    make: ['ec2:AssociateRouteTable'],
    remove: ['ec2:DisassociateRouteTable'],
  },
  'AWS::EC2::SecurityGroup': group,
  'AWS::EC2::SecurityGroupIngress': {
    scope: 'anything',
    make: ['ec2:AuthorizeSecurityGroupIngress', 'ec2:DescribeSecurityGroupRules'],
    remove: ['ec2:RevokeSecurityGroupIngress', 'ec2:DescribeSecurityGroupRules'],
  },
  'AWS::EC2::Instance': {
    scope: 'anything',
    make: [
      'ec2:RunInstances',
      'ec2:DescribeInstances',
      'ec2:DescribeImages',
      'ec2:CreateTags',
      'ssm:GetParameters',
    ],
    remove: ['ec2:TerminateInstances', 'ec2:DescribeInstances'],
  },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    scope: 'anything',
    make: [
      'elasticloadbalancing:CreateLoadBalancer',
      'elasticloadbalancing:DescribeLoadBalancers',
      'elasticloadbalancing:ModifyLoadBalancerAttributes',
      'elasticloadbalancing:SetSecurityGroups',
      'elasticloadbalancing:AddTags',
      'ec2:DescribeAccountAttributes',
    ],
    remove: ['elasticloadbalancing:DeleteLoadBalancer', 'elasticloadbalancing:DescribeLoadBalancers'],
  },
  'AWS::ElasticLoadBalancingV2::TargetGroup': {
    scope: 'anything',
    make: [
      'elasticloadbalancing:CreateTargetGroup',
      'elasticloadbalancing:DescribeTargetGroups',
      'elasticloadbalancing:ModifyTargetGroup',
      'elasticloadbalancing:ModifyTargetGroupAttributes',
      'elasticloadbalancing:RegisterTargets',
      'elasticloadbalancing:DeregisterTargets',
      'elasticloadbalancing:DescribeTargetHealth',
      'elasticloadbalancing:AddTags',
    ],
    remove: ['elasticloadbalancing:DeleteTargetGroup', 'elasticloadbalancing:DescribeTargetGroups'],
  },
  'AWS::ElasticLoadBalancingV2::Listener': {
    scope: 'anything',
    make: [
      'elasticloadbalancing:CreateListener',
      'elasticloadbalancing:DescribeListeners',
      'elasticloadbalancing:ModifyListener',
      'elasticloadbalancing:ModifyListenerAttributes',
    ],
    remove: ['elasticloadbalancing:DeleteListener', 'elasticloadbalancing:DescribeListeners'],
  },
}
