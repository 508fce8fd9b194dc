import { randomUUID } from 'node:crypto'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { updateAccess } from '../../../src-main/services/stacks/access/update-access.ts'
import { messageFor } from '../../../src-main/shared/messages.ts'
import { isAppError } from '../../../src-main/shared/errors.ts'
import { deployStack, type DeployedStack } from '../../harness/aws/deployed-stack.ts'

const signal = new AbortController().signal
const before = '203.0.113.7/32'
const address = '198.51.100.9'

let stack: DeployedStack

beforeEach(async () => {
  stack = await deployStack({
    wayIn: 'nlb',
    parameters: { AllowedCidr: before, AllowedCidr2: '192.0.2.0/24' },
  })
})
afterEach(() => stack[Symbol.asyncDispose]())

async function update(): Promise<unknown> {
  const parts = { api: stack.api, clock: stack.clock, newToken: randomUUID }
  return await updateAccess(await stack.view(), address, parts, signal)
}

async function allowed(): Promise<string[]> {
  const { outputs } = await stack.view()
  if (outputs?.wayIn !== 'nlb') throw new Error('no load balancer')
  const rules = stack.host.securityGroups.rulesOf(outputs.loadBalancerSecurityGroupId)
  return rules.map(({ cidr = '', description }) => `${cidr} ${description}`).sort()
}

test('the rule of the old address is replaced by one for the new, and nothing else is touched', async () => {
  const { outputs } = await stack.view()
  const groupId = outputs?.wayIn === 'nlb' ? outputs.loadBalancerSecurityGroupId : ''
  stack.host.securityGroups.authorize({
    groupId,
    description: 'of somebody',
    fromPort: 2049,
    toPort: 2049,
    cidr: '192.0.2.77/32',
  })
  expect(await update()).toEqual({ kind: 'replace', from: before, to: `${address}/32` })
  expect(await allowed()).toEqual([
    '192.0.2.0/24 Mountbar: AllowedCidr2',
    '192.0.2.77/32 of somebody',
    '198.51.100.9/32 Mountbar: AllowedCidr',
  ])
  const { status, parameters } = await stack.view()
  expect({ status, allowed: parameters['AllowedCidr'] }).toEqual({
    status: 'UPDATE_COMPLETE',
    allowed: `${address}/32`,
  })
})

test('an address that is let in already costs no change', async () => {
  await update()
  const asked = stack.cloudService.requests.length
  expect(await update()).toEqual({ kind: 'allowed' })
  // Looking the stack up is all that was asked for.
  expect(stack.cloudService.requests).toHaveLength(asked + 1)
})

test('when more than its own rule would change, nothing is changed and it says what', async () => {
  const own = stack.cloud.find('mountbar-photos')
  const role = own.resources.get('ServiceRole')!
  own.resources.set('ServiceRole', { ...role, properties: { ...role.properties, Description: 'drifted' } })
  const error: unknown = await update().catch((reason: unknown) => reason)
  expect(isAppError(error) && messageFor(error).text).toMatch(
    /^Mountbar does not change who may connect to “mountbar-photos”: other parts of the stack would change too: .*ServiceRole/,
  )
  expect(await allowed()).toContain(`${before} Mountbar: AllowedCidr`)
  expect(own.changeSets.filter(({ executionStatus }) => executionStatus === 'AVAILABLE')).toEqual([])
})

test('a permission that is missing is named, and the old address stays', async () => {
  stack.cloud.failNext(
    'AllowedCidrRule',
    'User: ann is not authorized to perform: ec2:AuthorizeSecurityGroupIngress on resource: sg-1',
  )
  await expect(update()).rejects.toMatchObject({
    code: 'stack-denied',
    args: { action: 'ec2:AuthorizeSecurityGroupIngress' },
  })
  expect(await allowed()).toContain(`${before} Mountbar: AllowedCidr`)
})
