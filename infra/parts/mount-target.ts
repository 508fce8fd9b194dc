import { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2'
import { CfnMountTarget } from 'aws-cdk-lib/aws-s3files'

import type { StackContext } from '../stack-context.ts'
import type { FileSystemPart } from './file-system.ts'
import type { NetworkPart } from './network.ts'

/** The port of NFS, which efs-proxy cannot be told to change. */
export const nfsPort = 2049

export interface MountTargetPart {
  readonly resource: CfnMountTarget
  readonly address: string
  readonly availabilityZoneId: string
  /** Lets nobody in by itself: a way in adds its rule. */
  readonly securityGroupId: string
}

/** A mount target at an address chosen beforehand: CloudFormation has no attribute that tells which one it got. */
export function addMountTarget(
  { stack, value }: StackContext,
  fileSystem: FileSystemPart,
  network: NetworkPart,
): MountTargetPart {
  const address = value('MountTargetIpv4Address')
  const securityGroup = new CfnSecurityGroup(stack, 'MountTargetSecurityGroup', {
    vpcId: network.vpcId,
    groupDescription: 'Mount target of S3 Files: NFS from the way in, nothing else',
    securityGroupEgress: noEgress(),
  })
  const resource = new CfnMountTarget(stack, 'MountTarget', {
    fileSystemId: fileSystem.id,
    subnetId: network.subnetId,
    ipAddressType: 'IPV4_ONLY',
    ipv4Address: address,
    securityGroups: [securityGroup.attrGroupId],
  })
  return {
    resource,
    address,
    availabilityZoneId: resource.attrAvailabilityZoneId,
    securityGroupId: securityGroup.attrGroupId,
  }
}

/** A security group that is given no rule lets everything out; one that nothing can match lets nothing out. */
function noEgress(): CfnSecurityGroup.EgressProperty[] {
  return [
    {
      description: 'Nothing',
      ipProtocol: 'icmp',
      fromPort: 252,
      toPort: 86,
      cidrIp: '255.255.255.255/32',
    },
  ]
}
