import type { StackOutputs } from '../../../src-main/services/stacks/stack-outputs.ts'
import type { StackView, WayIn } from '../../../src-main/services/stacks/stack.ts'

/** A stack as it is seen once it is complete. */
export function exampleStack(
  wayIn: WayIn,
  {
    allowedCidr = '203.0.113.7/32',
    ...outputs
  }: Partial<StackOutputs> & { readonly allowedCidr?: string } = {},
): StackView {
  const endpoint = wayIn === 'nlb' ? 'mountbar.elb.eu-central-1.amazonaws.com' : '10.82.77.20'
  return {
    name: 'mountbar-photos',
    id: 'arn:aws:cloudformation:eu-central-1:111122223333:stack/mountbar-photos/1',
    profile: 'default',
    region: 'eu-central-1',
    status: 'CREATE_COMPLETE',
    wayIn,
    parameters: { ...(wayIn !== 'ssm' && { AllowedCidr: allowedCidr }) },
    createdAtMs: 0,
    outputs: {
      fileSystemId: 'fs-0123456789abcdef0',
      accessPointId: 'fsap-0123456789abcdef0',
      accessPointArn:
        'arn:aws:s3files:eu-central-1:111122223333:file-system/fs-0123456789abcdef0/access-point/fsap-0123456789abcdef0',
      bucketName: 'photos',
      prefix: '',
      region: 'eu-central-1',
      availabilityZoneId: 'euc1-az1',
      endpoint,
      mountTargetAddress: '10.82.77.20',
      mountTargetSecurityGroupId: 'sg-0123456789abcdef0',
      loadBalancerSecurityGroupId: 'sg-0123456789abcdef1',
      instanceId: 'i-0123456789abcdef0',
      ...outputs,
      wayIn,
    },
  }
}
