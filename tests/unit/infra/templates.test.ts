import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { wayIns, templateFileName } from '../../../infra/api/way-in.ts'
import { mountbarApp } from '../../../infra/mountbar-app.ts'
import { synthesizedTemplates } from '../../../infra/templates.ts'
import { resourcesDir, templateOf } from './cloudformation.ts'

/** CloudFormation's limit for a template that is sent along, and need not lie in a bucket. */
const maxTemplateBytes = 51_200

const typesUsed = [
  'AWS::EC2::Instance',
  'AWS::EC2::InternetGateway',
  'AWS::EC2::Route',
  'AWS::EC2::RouteTable',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::SecurityGroupIngress',
  'AWS::EC2::Subnet',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPC',
  'AWS::EC2::VPCGatewayAttachment',
  'AWS::ElasticLoadBalancingV2::Listener',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::ElasticLoadBalancingV2::TargetGroup',
  'AWS::IAM::InstanceProfile',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::S3Files::AccessPoint',
  'AWS::S3Files::FileSystem',
  'AWS::S3Files::FileSystemPolicy',
  'AWS::S3Files::MountTarget',
]

describe('the committed templates', () => {
  // Synthesizing also runs cdk-nag and AWS's validator, and throws for what is not accepted.
  test(
    'are what the code makes, which neither cdk-nag nor AWS’s validator objects to',
    { timeout: 60_000 },
    () => {
      const committed = new Map(
        readdirSync(resourcesDir)
          .filter((name) => name.endsWith('.template.json'))
          .map((name) => [name, readFileSync(join(resourcesDir, name), 'utf8')]),
      )
      expect(committed, 'run `npm run synth` and commit').toEqual(synthesizedTemplates())
    },
  )

  test.each(wayIns)('%s is small enough to be sent along', (wayIn) => {
    const bytes = Buffer.byteLength(readFileSync(join(resourcesDir, templateFileName(wayIn))))
    expect(bytes).toBeLessThan(maxTemplateBytes)
  })

  test('consist of plain resources: no functions that run at deployment, no nested stacks', () => {
    const types = wayIns.flatMap((wayIn) =>
      Object.values(templateOf(wayIn).Resources).map(({ Type }) => Type),
    )
    expect([...new Set(types)].toSorted()).toEqual(typesUsed)
  })

  test.each(wayIns)('%s needs no assets, no transform and no bootstrapped account', (wayIn) => {
    const template = templateOf(wayIn)
    expect(Object.keys(template).toSorted()).toEqual(
      ['Conditions', 'Description', 'Metadata', 'Outputs', 'Parameters', 'Resources', 'Rules'].toSorted(),
    )
    expect(JSON.stringify(template)).not.toMatch(/bootstrap|asset|cdk-hnb/i)
  })
})

test('what `cdk deploy` tags a stack with is plain text', { timeout: 60_000 }, () => {
  const outdir = mkdtempSync(join(tmpdir(), 'mountbar-tags-'))
  const { stacks } = mountbarApp({ outdir }).app.synth()
  rmSync(outdir, { recursive: true })
  expect(stacks.map(({ tags }) => tags)).toEqual(wayIns.map((wayIn) => ({ 'mountbar:way-in': wayIn })))
})
