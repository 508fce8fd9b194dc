import { Aws, LegacyStackSynthesizer, CfnOutput, Stack, Tags, type App } from 'aws-cdk-lib'

import { commonOutputs, outputsOfWayIn, wholeBucket } from './api/outputs.ts'
import type { ParameterSpec } from './api/parameter-spec.ts'
import { commonParameterGroups } from './api/parameters.ts'
import { parametersOfWayIn } from './api/way-in-parameters.ts'
import type { WayIn } from './api/way-in.ts'
import { addAccessPoint } from './parts/access-point.ts'
import { addBucket } from './parts/bucket.ts'
import { addFileSystemPolicy } from './parts/file-system-policy.ts'
import { addFileSystem } from './parts/file-system.ts'
import { addMountTarget, type MountTargetPart } from './parts/mount-target.ts'
import { addNetwork, type NetworkPart } from './parts/network.ts'
import { addNlbWayIn } from './parts/nlb-way-in.ts'
import { addPrivateWayIn } from './parts/private-way-in.ts'
import { addCommonRules, addOpenToTheInternetRule } from './parts/rules.ts'
import { addServiceRole } from './parts/service-role.ts'
import { addSsmWayIn } from './parts/ssm-way-in.ts'
import type { WayInPart } from './parts/way-in-part.ts'
import { either, stackContext, type StackContext } from './stack-context.ts'

/**
 * Everything between a bucket and a mounted drive, on AWS's side. What the user chooses is a parameter, so that the template is made once, here,
 * and deployed as it is: no assets, no bootstrapped account, no functions that run while it is deployed.
 */
export function addMountbarStack(app: App, wayIn: WayIn, id = `mountbar-${wayIn}`): Stack {
  const stack = new Stack(app, id, {
    description: `Mountbar: an S3 bucket as a file system, way in: ${wayIn}.`,
    // The one that asks for no bootstrapped roles: `cdk deploy` uses the credentials it is started with.
    synthesizer: new LegacyStackSynthesizer(),
  })
  const context = stackContext(stack)
  addParameters(context, wayIn)
  addCommonRules(context)

  const bucket = addBucket(context)
  const fileSystem = addFileSystem(context, bucket, addServiceRole(context, bucket))
  const accessPoint = addAccessPoint(context, fileSystem)
  addFileSystemPolicy(context, fileSystem, accessPoint)
  const network = addNetwork(context, { internet: wayIn !== 'private' })
  const mountTarget = addMountTarget(context, fileSystem, network)
  const { endpoint, outputs } = addWayIn(context, wayIn, network, mountTarget)

  const prefix = either(context.isGiven('BucketPrefix'), context.value('BucketPrefix'), wholeBucket)
  const common: Record<keyof typeof commonOutputs, string> = {
    FileSystemId: fileSystem.id,
    AccessPointId: accessPoint.id,
    AccessPointArn: accessPoint.arn,
    BucketName: bucket.name,
    Prefix: prefix,
    Region: Aws.REGION,
    AvailabilityZoneId: mountTarget.availabilityZoneId,
    Endpoint: endpoint,
    MountTargetAddress: mountTarget.address,
    MountTargetSecurityGroupId: mountTarget.securityGroupId,
    WayIn: wayIn,
  }
  addOutputs(stack, common, commonOutputs)
  addOutputs(stack, outputs, outputsOfWayIn[wayIn])

  // Not for the stack itself, whose tags `cdk deploy` sends as they are, placeholders included.
  Tags.of(stack).add('Name', Aws.STACK_NAME, { excludeResourceTypes: ['aws:cdk:stack'] })
  Tags.of(stack).add('mountbar:way-in', wayIn)
  return stack
}

function addParameters(context: StackContext, wayIn: WayIn): void {
  const groups: Readonly<Record<string, Readonly<Record<string, ParameterSpec>>>> = {
    ...commonParameterGroups,
    'Way in': parametersOfWayIn[wayIn],
  }
  for (const group of Object.values(groups))
    for (const [name, spec] of Object.entries(group)) context.parameter(name, spec)
  context.stack.templateOptions.metadata = {
    'AWS::CloudFormation::Interface': {
      ParameterGroups: Object.entries(groups).map(([label, group]) => ({
        Label: { default: label },
        Parameters: Object.keys(group),
      })),
    },
  }
}

function addWayIn(
  context: StackContext,
  wayIn: WayIn,
  network: NetworkPart,
  mountTarget: MountTargetPart,
): WayInPart {
  switch (wayIn) {
    case 'nlb':
      addOpenToTheInternetRule(context)
      return addNlbWayIn(context, network, mountTarget)
    case 'private':
      return addPrivateWayIn(context, mountTarget)
    case 'ssm':
      return addSsmWayIn(context, network, mountTarget)
  }
}

function addOutputs(
  stack: Stack,
  values: Readonly<Record<string, string>>,
  descriptions: Readonly<Record<string, string>>,
): void {
  for (const [name, value] of Object.entries(values))
    new CfnOutput(stack, name, {
      value,
      ...(name in descriptions ? { description: descriptions[name] } : {}),
    })
}
