import { Aws, Fn, type CfnResource } from 'aws-cdk-lib'
import {
  CfnInternetGateway,
  CfnRoute,
  CfnRouteTable,
  CfnSubnet,
  CfnSubnetRouteTableAssociation,
  CfnVPC,
  CfnVPCGatewayAttachment,
} from 'aws-cdk-lib/aws-ec2'

import { anyAddress } from '../api/way-in-parameters.ts'
import { either, onlyWhen, type StackContext } from '../stack-context.ts'

export interface NetworkPart {
  readonly vpcId: string
  readonly subnetId: string
  /** The same, but told only when the subnet's routes are there: for what the Internet reaches, or what reaches it. */
  readonly onlineSubnetId: string
}

/**
 * A VPC with one subnet, or the user's own. One zone is enough for a mount target, and a load balancer in more than one would pay for traffic
 * between them. Only with `internet` does a new one get a gateway.
 */
export function addNetwork(context: StackContext, { internet }: { readonly internet: boolean }): NetworkPart {
  const { stack, value, isEmpty, isGiven } = context
  const makesNetwork = isEmpty('VpcId')
  const vpc = new CfnVPC(stack, 'Vpc', {
    cidrBlock: value('VpcCidr'),
    // S3 Files asks for both.
    enableDnsSupport: true,
    enableDnsHostnames: true,
  })
  const subnet = new CfnSubnet(stack, 'Subnet', {
    vpcId: vpc.ref,
    cidrBlock: value('VpcCidr'),
    availabilityZone: either(
      isGiven('AvailabilityZone'),
      value('AvailabilityZone'),
      Fn.select(0, Fn.getAzs(Aws.REGION)),
    ),
    mapPublicIpOnLaunch: false,
  })
  onlyWhen(makesNetwork, vpc, subnet)
  const routes = internet ? addInternet(context, vpc, subnet) : []
  onlyWhen(makesNetwork, ...routes)
  const ownSubnetId = value('SubnetId')
  return {
    vpcId: either(makesNetwork, vpc.ref, value('VpcId')),
    subnetId: either(makesNetwork, subnet.ref, ownSubnetId),
    // Not by `DependsOn`, which would name resources that are not there when the network is the user's.
    onlineSubnetId: either(
      makesNetwork,
      Fn.select(0, [subnet.ref, ...routes.map(({ ref }) => ref)]),
      ownSubnetId,
    ),
  }
}

function addInternet({ stack }: StackContext, vpc: CfnVPC, subnet: CfnSubnet): readonly CfnResource[] {
  const gateway = new CfnInternetGateway(stack, 'InternetGateway')
  const attachment = new CfnVPCGatewayAttachment(stack, 'InternetGatewayAttachment', {
    vpcId: vpc.ref,
    internetGatewayId: gateway.ref,
  })
  const table = new CfnRouteTable(stack, 'RouteTable', { vpcId: vpc.ref })
  const route = new CfnRoute(stack, 'InternetRoute', {
    routeTableId: table.ref,
    destinationCidrBlock: anyAddress,
    gatewayId: gateway.ref,
  })
  route.addResourceDependency(attachment)
  const association = new CfnSubnetRouteTableAssociation(stack, 'SubnetRoutes', {
    subnetId: subnet.ref,
    routeTableId: table.ref,
  })
  return [gateway, attachment, table, route, association]
}
