import type { DeployRequest } from '../../services/stacks/deploy/deploy-request.ts'
import type { AwsTarget } from '../../services/stacks/stack.ts'
import type { NewStack } from '../../shared/app/stacks.ts'

/** Nothing of such a stack can be reached from the Internet, and nobody is asked here which network leads to it. */
export const allPrivateCidrs = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'] as const

/** @param isNew nothing of that name is there yet: what is there keeps the ranges it lets in. */
export function deployRequestOf(stack: NewStack, target: AwsTarget, isNew: boolean): DeployRequest {
  const { name, bucket, prefix, wayIn } = stack
  return {
    target,
    name,
    wayIn,
    ...bucketOf(bucket),
    ...(prefix !== '' && { prefix }),
    ...(isNew && wayIn === 'private' && { cidrs: allPrivateCidrs }),
  }
}

function bucketOf(bucket: NewStack['bucket']): Pick<DeployRequest, 'existingBucket' | 'newBucket'> {
  if (bucket.kind === 'existing') return { existingBucket: bucket.name }
  return bucket.name === undefined ? {} : { newBucket: bucket.name }
}
