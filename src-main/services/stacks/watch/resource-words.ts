interface ResourceWords {
  readonly name: string
  /** What it takes as a rule, in seconds: for the share of the whole that is done. */
  readonly seconds: number
}

/** The resources of our templates that a person has words for, or that take long; the rest are known by their types. */
const byId: Readonly<Record<string, ResourceWords>> = {
  Bucket: { name: 'the bucket', seconds: 20 },
  BucketPolicy: { name: 'the bucket’s policy', seconds: 5 },
  ServiceRole: { name: 'the role of S3 Files', seconds: 20 },
  ServiceRolePolicy: { name: 'what that role may do', seconds: 15 },
  FileSystem: { name: 'the file system', seconds: 60 },
  AccessPoint: { name: 'the access point', seconds: 15 },
  FileSystemPolicy: { name: 'the file system’s policy', seconds: 10 },
  Vpc: { name: 'the network', seconds: 15 },
  Subnet: { name: 'its subnet', seconds: 5 },
  InternetGateway: { name: 'its way to the Internet', seconds: 15 },
  InternetGatewayAttachment: { name: 'the network’s connection to the Internet', seconds: 10 },
  RouteTable: { name: 'its routes', seconds: 5 },
  InternetRoute: { name: 'the route to the Internet', seconds: 5 },
  SubnetRoutes: { name: 'the routes of the subnet', seconds: 5 },
  MountTargetSecurityGroup: { name: 'the mount target’s security group', seconds: 5 },
  MountTarget: { name: 'the mount target', seconds: 90 },
  LoadBalancerSecurityGroup: { name: 'the load balancer’s security group', seconds: 5 },
  AllowedCidrRule: { name: 'the rule for your address', seconds: 5 },
  AllowedCidr2Rule: { name: 'the rule for the second range', seconds: 5 },
  AllowedCidr3Rule: { name: 'the rule for the third range', seconds: 5 },
  MountTargetIngress: { name: 'the rule for the mount target', seconds: 5 },
  LoadBalancer: { name: 'the load balancer', seconds: 150 },
  TargetGroup: { name: 'the load balancer’s target', seconds: 15 },
  Listener: { name: 'the load balancer’s listener', seconds: 5 },
  InstanceSecurityGroup: { name: 'the instance’s security group', seconds: 5 },
  InstanceRole: { name: 'the instance’s role', seconds: 20 },
  InstanceRolePolicy: { name: 'what the instance’s role may do', seconds: 15 },
  InstanceProfile: { name: 'the instance’s profile', seconds: 120 },
  Instance: { name: 'the instance', seconds: 40 },
}

/** `the mount target`; for what is not ours its name in the template. */
export function wordsFor(logicalId: string): string {
  return byId[logicalId]?.name ?? logicalId
}

export function secondsOf(logicalId: string): number {
  return byId[logicalId]?.seconds ?? 5
}
