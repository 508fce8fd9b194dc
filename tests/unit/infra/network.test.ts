import { Match, Template } from 'aws-cdk-lib/assertions'
import { describe, expect, test } from 'vitest'

import type { WayIn } from '../../../infra/api/way-in.ts'
import { deploy, templateOf } from './cloudformation.ts'

/** The same, but with everything resolved that the parameters decide. */
function deployed(wayIn: WayIn, parameters: Readonly<Record<string, string>> = {}): Template {
  const { resources } = deploy(templateOf(wayIn), parameters)
  return Template.fromJSON({
    Resources: Object.fromEntries(
      Object.entries(resources).map(([id, { DependsOn: _checked, ...rest }]) => [id, rest]),
    ),
  })
}

const home = { AllowedCidr: '203.0.113.7/32' }
const nfs = { IpProtocol: 'tcp', FromPort: 2049, ToPort: 2049 }
const nowhere = { CidrIp: '255.255.255.255/32' }

describe('through a load balancer', () => {
  const template = deployed('nlb', home)

  test('only the allowed address reaches it, and it reaches only the mount target', () => {
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      ...nfs,
      GroupId: '<LoadBalancerSecurityGroup.GroupId>',
      CidrIp: '203.0.113.7/32',
    })
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      ...nfs,
      GroupId: '<MountTargetSecurityGroup.GroupId>',
      SourceSecurityGroupId: '<LoadBalancerSecurityGroup.GroupId>',
    })
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 2)
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: Match.absent(),
      SecurityGroupEgress: [
        Match.objectLike({ ...nfs, DestinationSecurityGroupId: '<MountTargetSecurityGroup.GroupId>' }),
      ],
    })
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: Match.absent(),
      SecurityGroupEgress: [Match.objectLike(nowhere)],
    })
  })

  test('more ranges are more rules', () => {
    const more = deployed('nlb', { ...home, AllowedCidr2: '198.51.100.0/24', AllowedCidr3: '192.0.2.0/24' })
    more.resourceCountIs('AWS::EC2::SecurityGroupIngress', 4)
    more.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { CidrIp: '192.0.2.0/24' })
  })

  test('TCP is passed on to the pinned address as it comes, and pauses are allowed', () => {
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Type: 'network',
      Scheme: 'internet-facing',
      SecurityGroups: ['<LoadBalancerSecurityGroup.GroupId>'],
      Subnets: ['<Subnet>'],
    })
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      TargetType: 'ip',
      Protocol: 'TCP',
      Targets: [{ Id: '10.82.77.20', Port: 2049 }],
      TargetGroupAttributes: Match.arrayWith([{ Key: 'preserve_client_ip.enabled', Value: 'false' }]),
    })
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Protocol: 'TCP',
      Port: 2049,
      ListenerAttributes: [{ Key: 'tcp.idle_timeout.seconds', Value: '6000' }],
    })
    template.hasResourceProperties('AWS::S3Files::MountTarget', { Ipv4Address: '10.82.77.20' })
  })

  test('the load balancer is made after the routes to the Internet', () => {
    const { Properties } = templateOf('nlb').Resources.LoadBalancer!
    for (const id of ['InternetRoute', 'SubnetRoutes'])
      expect(JSON.stringify(Properties)).toContain(`{"Ref":"${id}"}`)
  })
})

describe('through a network of the user’s own', () => {
  const template = deployed('private', { AllowedCidr: '10.8.0.0/16' })

  test('nothing is public', () => {
    for (const type of [
      'AWS::EC2::InternetGateway',
      'AWS::EC2::Route',
      'AWS::ElasticLoadBalancingV2::LoadBalancer',
      'AWS::EC2::Instance',
    ])
      template.resourceCountIs(type, 0)
  })

  test('only the given range reaches the mount target', () => {
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 1)
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      ...nfs,
      GroupId: '<MountTargetSecurityGroup.GroupId>',
      CidrIp: '10.8.0.0/16',
    })
  })
})

describe('through an instance', () => {
  const template = deployed('ssm')

  test('nobody can connect to it, and it reaches Systems Manager and the mount target only', () => {
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 1)
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      ...nfs,
      GroupId: '<MountTargetSecurityGroup.GroupId>',
      SourceSecurityGroupId: '<InstanceSecurityGroup.GroupId>',
    })
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: Match.absent(),
      SecurityGroupEgress: [
        Match.objectLike({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' }),
        Match.objectLike({ ...nfs, DestinationSecurityGroupId: '<MountTargetSecurityGroup.GroupId>' }),
      ],
    })
  })

  test('it has an encrypted disk, metadata by session only, and no key to log in with', () => {
    template.hasResourceProperties('AWS::EC2::Instance', {
      KeyName: Match.absent(),
      UserData: Match.absent(),
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      BlockDeviceMappings: [Match.objectLike({ Ebs: Match.objectLike({ Encrypted: true }) })],
    })
  })

  test('its public address can be left out', () => {
    const withAddress = (answer: boolean) => ({
      NetworkInterfaces: [Match.objectLike({ AssociatePublicIpAddress: answer })],
    })
    template.hasResourceProperties('AWS::EC2::Instance', withAddress(true))
    deployed('ssm', { PublicAddress: 'no' }).hasResourceProperties('AWS::EC2::Instance', withAddress(false))
  })
})
