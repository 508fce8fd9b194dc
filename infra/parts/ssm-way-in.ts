import { Fn } from 'aws-cdk-lib'
import { CfnInstance, CfnSecurityGroup, CfnSecurityGroupIngress } from 'aws-cdk-lib/aws-ec2'
import { CfnInstanceProfile, CfnPolicy, CfnRole } from 'aws-cdk-lib/aws-iam'

import { anyAddress } from '../api/way-in-parameters.ts'
import type { StackContext } from '../stack-context.ts'
import { nfsPort, type MountTargetPart } from './mount-target.ts'
import type { NetworkPart } from './network.ts'
import type { WayInPart } from './way-in-part.ts'

/**
 * A small instance that nobody can connect to. Its SSM agent calls out; a session forwards a local port through it to the mount target. The
 * public address is for the way out only.
 */
export function addSsmWayIn(
  context: StackContext,
  network: NetworkPart,
  mountTarget: MountTargetPart,
): WayInPart {
  const { stack, value, equals } = context
  const securityGroup = addSecurityGroups(context, network, mountTarget)
  const { profile, policy } = addInstanceRole(context)

  const instance = new CfnInstance(stack, 'Instance', {
    imageId: value('InstanceImage'),
    instanceType: value('InstanceType'),
    iamInstanceProfile: profile.ref,
    metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
    networkInterfaces: [
      {
        deviceIndex: '0',
        subnetId: network.onlineSubnetId,
        groupSet: [securityGroup.attrGroupId],
        associatePublicIpAddress: Fn.conditionIf(equals('PublicAddress', 'yes').logicalId, true, false),
      },
    ],
    blockDeviceMappings: [
      {
        deviceName: '/dev/xvda',
        ebs: { encrypted: true, volumeType: 'gp3', deleteOnTermination: true },
      },
    ],
  })
  instance.addResourceDependency(policy)

  return { endpoint: mountTarget.address, outputs: { InstanceId: instance.ref } }
}

function addSecurityGroups(
  { stack }: StackContext,
  network: NetworkPart,
  mountTarget: MountTargetPart,
): CfnSecurityGroup {
  const securityGroup = new CfnSecurityGroup(stack, 'InstanceSecurityGroup', {
    vpcId: network.vpcId,
    groupDescription: 'Instance of Mountbar: nothing in; out to Systems Manager and the mount target',
    securityGroupEgress: [
      {
        // The addresses of Systems Manager are many and change.
        description: 'Systems Manager',
        ipProtocol: 'tcp',
        fromPort: 443,
        toPort: 443,
        cidrIp: anyAddress,
      },
      {
        description: 'NFS to the mount target',
        ipProtocol: 'tcp',
        fromPort: nfsPort,
        toPort: nfsPort,
        destinationSecurityGroupId: mountTarget.securityGroupId,
      },
    ],
  })
  new CfnSecurityGroupIngress(stack, 'MountTargetIngress', {
    groupId: mountTarget.securityGroupId,
    description: 'NFS from the instance',
    ipProtocol: 'tcp',
    fromPort: nfsPort,
    toPort: nfsPort,
    sourceSecurityGroupId: securityGroup.attrGroupId,
  })
  return securityGroup
}

interface InstanceRole {
  readonly profile: CfnInstanceProfile
  readonly policy: CfnPolicy
}

/** Only what Session Manager needs; the managed policy for instances also reads every parameter of the account. */
function addInstanceRole({ stack }: StackContext): InstanceRole {
  const role = new CfnRole(stack, 'InstanceRole', {
    description: 'Lets the instance take sessions of Systems Manager.',
    assumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'ec2.amazonaws.com' },
          Action: 'sts:AssumeRole',
        },
      ],
    },
  })
  const policy = new CfnPolicy(stack, 'InstanceRolePolicy', {
    policyName: 'sessions',
    roles: [role.ref],
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'TakeSessions',
          Effect: 'Allow',
          Action: [
            'ssm:UpdateInstanceInformation',
            'ssmmessages:CreateControlChannel',
            'ssmmessages:CreateDataChannel',
            'ssmmessages:OpenControlChannel',
            'ssmmessages:OpenDataChannel',
          ],
          // None of these can be limited to a resource.
          Resource: '*',
        },
      ],
    },
  })
  return { profile: new CfnInstanceProfile(stack, 'InstanceProfile', { roles: [role.ref] }), policy }
}
