import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { wayIns } from '../../../infra/api/way-in.ts'
import { Bucket } from '../../harness/s3files/bucket/bucket.ts'
import { neverAborted, startStackRig, type StackRig } from '../../harness/aws/stack-rig.ts'

let rig: StackRig

beforeEach(async () => {
  rig = await startStackRig()
})
afterEach(() => rig[Symbol.asyncDispose]())

const cidrOf = { nlb: {}, private: { cidrs: ['10.0.0.0/16'] }, ssm: {} } as const

describe.each(wayIns)('with the way in %s', (wayIn) => {
  test('a stack is planned, made, and tells where its drive is', async () => {
    const plan = await rig.plan({ wayIn, ...cidrOf[wayIn] })
    expect(plan).toMatchObject({ kind: 'make', wayIn, warnings: [] })
    expect(plan.items.every(({ action }) => action === 'make')).toBe(true)
    expect(plan.items.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['the bucket', 'the file system', 'the mount target']),
    )
    expect(rig.aws.control.state.fileSystems.size).toBe(0)

    const stack = await rig.deployments.execute(plan, () => undefined, neverAborted)
    const [fileSystem] = rig.aws.control.state.fileSystems.values()
    expect(stack).toMatchObject({
      name: 'mountbar-photos',
      status: 'CREATE_COMPLETE',
      outputs: {
        wayIn,
        fileSystemId: fileSystem?.fileSystemId,
        prefix: '',
        mountTargetAddress: '10.82.77.20',
      },
    })
    expect(rig.aws.buckets.map(({ name }) => name)).toEqual([stack.outputs?.bucketName])
  })
})

test('a new stack lets in the address that connections from here have, and no other', async () => {
  const plan = await rig.plan()
  expect(plan.cidrs).toEqual(['198.51.100.7/32'])
  await rig.deployments.execute(plan, () => undefined, neverAborted)
  const cidrs = [...rig.host.securityGroups.rules.values()].flatMap(({ cidr }) => cidr ?? [])
  expect(cidrs).toEqual(['198.51.100.7/32'])
})

test('progress goes from nothing to all, in words', async () => {
  await rig.deploy()
  const percents = rig.progress.map(({ percent }) => percent)
  expect(percents).toEqual(percents.toSorted((a, b) => a - b))
  expect(percents.at(-1)).toBe(100)
  expect(rig.progress.flatMap(({ current }) => current)).toEqual(
    expect.arrayContaining(['the mount target', 'the load balancer']),
  )
  expect(new Set(rig.progress.map(({ kind }) => kind))).toEqual(new Set(['making']))
})

test('deploying the same again changes nothing', async () => {
  await rig.deploy()
  const planned = await rig.deployments.plan(rig.request(), { onStep: () => undefined }, neverAborted)
  expect(planned).toMatchObject({ kind: 'nothing-to-change', stack: { name: 'mountbar-photos' } })
  expect(rig.cloud.stacks[0]?.changeSets).toHaveLength(1)
})

test('another address replaces its rule and touches nothing else; what was chosen before stays', async () => {
  await rig.deploy({ prefix: 'photos' })
  const plan = await rig.plan({ cidrs: ['203.0.113.9'] })
  expect(plan).toMatchObject({
    kind: 'change',
    cidrs: ['203.0.113.9/32'],
    items: [{ action: 'replace', what: 'the rule for your address', properties: ['CidrIp'] }],
    warnings: [],
  })
  const stack = await rig.deployments.execute(plan, () => undefined, neverAborted)
  expect(stack.parameters).toMatchObject({ AllowedCidr: '203.0.113.9/32', BucketPrefix: 'photos/' })
  expect([...rig.host.securityGroups.rules.values()].flatMap(({ cidr }) => cidr ?? [])).toEqual([
    '203.0.113.9/32',
  ])
})

test('a change that gives the drive another file system is warned of', async () => {
  await rig.deploy()
  const { items, warnings } = await rig.plan({ prefix: 'only-this' })
  expect(items).toContainEqual(expect.objectContaining({ action: 'replace', what: 'the file system' }))
  expect(warnings.map(({ kind }) => kind)).toEqual(['replaced', 'maybe-replaced', 'file-system-goes'])
})

test('another way in takes the old one away', async () => {
  await rig.deploy()
  const plan = await rig.plan({ wayIn: 'private', cidrs: ['10.0.0.0/16'] })
  expect(plan.items).toContainEqual(expect.objectContaining({ action: 'remove', what: 'the load balancer' }))
  const stack = await rig.deployments.execute(plan, () => undefined, neverAborted)
  expect(stack.outputs).toMatchObject({ wayIn: 'private', endpoint: '10.82.77.20' })
  expect([...rig.host.others.keys()].filter((id) => id.includes('LoadBalancer'))).toEqual([])
})

test('tags that somebody else has put on a stack stay, also with another way in', async () => {
  await rig.deploy()
  const [stack] = rig.cloud.stacks
  stack!.tags = [...stack!.tags, { Key: 'team', Value: 'film' }]
  await rig.deploy({ cidrs: ['203.0.113.9'] })
  expect(stack!.tags).toContainEqual({ Key: 'team', Value: 'film' })
  await rig.deploy({ wayIn: 'ssm' })
  expect(stack!.tags).toEqual([
    { Key: 'team', Value: 'film' },
    { Key: 'mountbar:way-in', Value: 'ssm' },
  ])
})

test('a stack that somebody made from a template by hand is one of ours, and is tagged with the next change', async () => {
  await rig.deploy()
  rig.cloud.stacks[0]!.tags = []
  expect(await rig.deployments.list(rig.aws.target, neverAborted)).toMatchObject([{ wayIn: 'nlb' }])
  await rig.deploy({ cidrs: ['203.0.113.9'] })
  expect(rig.cloud.stacks[0]!.tags).toEqual([{ Key: 'mountbar:way-in', Value: 'nlb' }])
})

test('a plan that is discarded leaves nothing behind', async () => {
  const plan = await rig.plan()
  await rig.deployments.discard(plan, neverAborted)
  expect(rig.cloud.stacks.map(({ status }) => status)).toEqual(['DELETE_COMPLETE'])
  await expect(rig.deployments.execute(plan, () => undefined, neverAborted)).rejects.toMatchObject({
    code: 'stack-plan-outdated',
  })
})

test('a plan that was never executed is no obstacle to the next', async () => {
  await rig.plan()
  await expect(rig.deploy()).resolves.toMatchObject({ status: 'CREATE_COMPLETE' })
})

test('a bucket that is there is used and not changed, with its key', async () => {
  const bucket = new Bucket('holiday-pictures', rig.clock)
  const key = 'arn:aws:kms:eu-central-1:111122223333:key/0f-1'
  bucket.encryption = { algorithm: 'aws:kms', kmsKey: key }
  rig.aws.buckets.push(bucket)
  const plan = await rig.plan({ existingBucket: 'holiday-pictures' })
  expect(plan.items.map(({ what }) => what)).not.toContain('the bucket')
  const stack = await rig.deployments.execute(plan, () => undefined, neverAborted)
  expect(stack.parameters).toMatchObject({ ExistingBucketName: 'holiday-pictures', KmsKeyArn: key })
  expect(stack.outputs?.bucketName).toBe('holiday-pictures')
})

test('stacks of others are not listed, and not touched', async () => {
  await rig.deploy()
  await rig.deploy({ name: 'mountbar-music' })
  const body = '{"Description":"Somebody else’s","Resources":{"Topic":{"Type":"AWS::SNS::Topic"}}}'
  rig.cloud.createChangeSet({
    stackName: 'theirs',
    changeSetName: 'one',
    type: 'CREATE',
    templateBody: body,
    parameters: [],
    capabilities: [],
    tags: [],
  })
  rig.cloud.execute(rig.cloud.find('theirs').changeSets[0]!.id, undefined)
  await rig.cloud.settle()
  const names = (await rig.deployments.list(rig.aws.target, neverAborted)).map(({ name }) => name)
  expect(names.toSorted()).toEqual(['mountbar-music', 'mountbar-photos'])
  await expect(rig.plan({ name: 'theirs' })).rejects.toMatchObject({ code: 'stack-foreign' })
})
