import { expect, test } from 'vitest'

import type { StackEvent } from '../../../../src-main/services/stacks/aws/stack-facts.ts'
import { explainFailure } from '../../../../src-main/services/stacks/watch/explain-failure.ts'

function failed(logicalId: string, reason: string, physicalId = ''): StackEvent {
  const type = 'AWS::Test::Thing'
  return { id: reason, atMs: 0, logicalId, physicalId, type, status: 'CREATE_FAILED', reason, token: '' }
}

test.each<[string, string, string]>([
  [
    'Vpc',
    'The maximum number of VPCs has been reached. (Service: Ec2, Status Code: 400, Request ID: 1)',
    'stack-quota',
  ],
  [
    'Instance',
    'You have requested more vCPU capacity than your current vCPU limit of 0 allows (VcpuLimitExceeded)',
    'stack-quota',
  ],
  [
    'LoadBalancer',
    "You've reached the limit on the number of load balancers: TooManyLoadBalancers",
    'stack-quota',
  ],
  [
    'Bucket',
    'Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied)',
    'stack-denied',
  ],
  ['Vpc', 'You are not authorized to perform this operation. UnauthorizedOperation', 'stack-denied'],
  ['FileSystem', 'User: x is not authorized to perform: iam:PassRole on resource: role y', 'stack-denied'],
  [
    'Vpc',
    'explicit deny in a service control policy: ec2:CreateVpc is not authorized to perform',
    'stack-blocked',
  ],
  ['FileSystem', 'explicit deny in a resource control policy', 'stack-blocked'],
  ['Bucket', 'photos already exists', 'stack-name-taken'],
  ['Bucket', 'The requested bucket name is not available. BucketAlreadyExists', 'stack-name-taken'],
  ['FileSystem', 'S3 Files could not assume the role', 'stack-role-failed'],
  ['MountTarget', 'Something else', 'stack-failed'],
])('%s: %s', (logicalId, reason, code) => {
  expect(explainFailure([failed(logicalId, reason)], '').code).toBe(code)
})

test('what was given up because of another is not the cause', () => {
  const events = [failed('Vpc', 'Resource creation cancelled'), failed('Bucket', 'photos already exists')]
  expect(explainFailure(events, '')).toMatchObject({ code: 'stack-name-taken', args: { name: 'photos' } })
})

test('the file system’s own words go before those of what waited for it, and not before those of another', () => {
  const trouble = { fileSystemId: 'fs-1', reason: 'the role may not list the bucket' }
  expect(explainFailure([failed('MountTarget', 'fs-1 is creating')], '', trouble)).toMatchObject({
    code: 'stack-role-failed',
    args: { fileSystem: 'fs-1', reason: trouble.reason },
  })
  expect(explainFailure([failed('Vpc', 'Something else')], '', trouble).code).toBe('stack-failed')
})

test('without a resource that failed, the stack’s own reason is told', () => {
  expect(explainFailure([], 'Hook failed')).toMatchObject({
    code: 'stack-failed',
    args: { reason: 'Hook failed' },
  })
})
