import { CfnSecurityGroup, CfnSecurityGroupIngress } from 'aws-cdk-lib/aws-ec2'
import { CfnListener, CfnLoadBalancer, CfnTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2'

import type { StackContext } from '../stack-context.ts'
import { addAllowedCidrs } from './allowed-cidrs.ts'
import { nfsPort, type MountTargetPart } from './mount-target.ts'
import type { NetworkPart } from './network.ts'
import type { WayInPart } from './way-in-part.ts'

/** The longest there is. The default of 350 s is shorter than a pause. */
const idleTimeoutSeconds = 6_000

/**
 * A load balancer on the Internet that lets in the allowed addresses and passes TCP on as it comes: TLS and IAM are settled between client and
 * mount target. Its security group has to be there from the start; one cannot be added later.
 */
export function addNlbWayIn(
  context: StackContext,
  network: NetworkPart,
  mountTarget: MountTargetPart,
): WayInPart {
  const { stack } = context
  const securityGroup = new CfnSecurityGroup(stack, 'LoadBalancerSecurityGroup', {
    vpcId: network.vpcId,
    groupDescription: 'Load balancer of Mountbar: NFS from allowed addresses to the mount target',
    securityGroupEgress: [
      {
        description: 'NFS to the mount target',
        ipProtocol: 'tcp',
        fromPort: nfsPort,
        toPort: nfsPort,
        destinationSecurityGroupId: mountTarget.securityGroupId,
      },
    ],
  })
  addAllowedCidrs(context, securityGroup.attrGroupId)
  new CfnSecurityGroupIngress(stack, 'MountTargetIngress', {
    groupId: mountTarget.securityGroupId,
    description: 'NFS from the load balancer',
    ipProtocol: 'tcp',
    fromPort: nfsPort,
    toPort: nfsPort,
    sourceSecurityGroupId: securityGroup.attrGroupId,
  })

  const loadBalancer = new CfnLoadBalancer(stack, 'LoadBalancer', {
    type: 'network',
    scheme: 'internet-facing',
    ipAddressType: 'ipv4',
    subnets: [network.onlineSubnetId],
    securityGroups: [securityGroup.attrGroupId],
  })

  const targetGroup = new CfnTargetGroup(stack, 'TargetGroup', {
    vpcId: network.vpcId,
    targetType: 'ip',
    protocol: 'TCP',
    port: nfsPort,
    targets: [{ id: mountTarget.address, port: nfsPort }],
    healthCheckProtocol: 'TCP',
    targetGroupAttributes: [
      // The mount target lets in the load balancer, not the Mac behind it.
      { key: 'preserve_client_ip.enabled', value: 'false' },
      { key: 'deregistration_delay.timeout_seconds', value: '0' },
    ],
  })
  targetGroup.addResourceDependency(mountTarget.resource)

  new CfnListener(stack, 'Listener', {
    loadBalancerArn: loadBalancer.ref,
    protocol: 'TCP',
    port: nfsPort,
    defaultActions: [{ type: 'forward', targetGroupArn: targetGroup.ref }],
    listenerAttributes: [{ key: 'tcp.idle_timeout.seconds', value: String(idleTimeoutSeconds) }],
  })

  return {
    endpoint: loadBalancer.attrDnsName,
    outputs: { LoadBalancerSecurityGroupId: securityGroup.attrGroupId },
  }
}
