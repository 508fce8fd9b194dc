import { afterEach, beforeEach, expect, test } from 'vitest'

import { neverAborted, startStackRig, type StackRig } from '../../harness/aws/stack-rig.ts'

const body = '{"Description":"Somebody else’s","Resources":{"Topic":{"Type":"AWS::SNS::Topic"}}}'
const isForeign = { code: 'stack-foreign' }

let rig: StackRig

beforeEach(async () => {
  rig = await startStackRig()
  rig.cloud.createChangeSet({
    stackName: 'theirs',
    changeSetName: 'one',
    type: 'CREATE',
    templateBody: body,
    parameters: [],
    capabilities: [],
    tags: [{ Key: 'Name', Value: 'mountbar-photos' }],
  })
  rig.cloud.execute(rig.cloud.find('theirs').changeSets[0]!.id, undefined)
  await rig.cloud.settle()
})
afterEach(() => rig[Symbol.asyncDispose]())

test('a stack of somebody else is not found to be destroyed, watched, or cancelled', async () => {
  const { deployments, aws } = rig
  await expect(deployments.find(aws.target, 'theirs', neverAborted)).rejects.toMatchObject(isForeign)
  await expect(deployments.watch(aws.target, 'theirs', () => undefined, neverAborted)).rejects.toMatchObject(
    isForeign,
  )
  await expect(deployments.cancel(aws.target, 'theirs', neverAborted)).rejects.toMatchObject(isForeign)
})

test('a stack of somebody else that failed is not removed', async () => {
  const { deployments, aws, cloud } = rig
  Object.assign(cloud.find('theirs'), { status: 'ROLLBACK_COMPLETE' })
  await expect(
    deployments.removeFailed(aws.target, 'theirs', () => undefined, neverAborted),
  ).rejects.toMatchObject(isForeign)
  expect(cloud.find('theirs').status).toBe('ROLLBACK_COMPLETE')
})
