import { afterEach, beforeEach, expect, test } from 'vitest'

import type { OperationProgress } from '../../../src-main/services/stacks/watch/operation.ts'
import { isAppError } from '../../../src-main/shared/errors.ts'
import { messageFor } from '../../../src-main/shared/messages.ts'
import { neverAborted, startStackRig, type StackRig } from '../../harness/aws/stack-rig.ts'

let rig: StackRig

beforeEach(async () => {
  rig = await startStackRig()
})
afterEach(() => rig[Symbol.asyncDispose]())

const name = 'mountbar-photos'

/** Executes a plan until a resource is being worked on, and then stops watching, as a program that ends. */
async function abandonAt(logicalWords: string, choices = {}): Promise<void> {
  const stop = new AbortController()
  const plan = await rig.plan(choices)
  const watched = rig.deployments.execute(
    plan,
    ({ current }) => {
      if (current.includes(logicalWords)) stop.abort(new Error('the program ends'))
    },
    stop.signal,
  )
  await expect(watched).rejects.toThrow('the program ends')
}

test('an operation goes on without its watcher, and a new one finds it under way', async () => {
  await abandonAt('the mount target')
  expect(rig.cloud.find(name).status).toBe('CREATE_IN_PROGRESS')
  const progress: OperationProgress[] = []
  const stack = await rig.restarted().watch(rig.aws.target, name, (one) => progress.push(one), neverAborted)
  expect(stack).toMatchObject({ status: 'CREATE_COMPLETE', outputs: { wayIn: 'nlb' } })
  expect(progress[0]?.done).toBeGreaterThan(3)
  expect(progress.at(-1)).toMatchObject({ kind: 'making', percent: 100 })
})

test('where nothing is under way, watching says at once how things are', async () => {
  await rig.deploy()
  const progress: OperationProgress[] = []
  const stack = await rig.restarted().watch(rig.aws.target, name, (one) => progress.push(one), neverAborted)
  expect(stack).toMatchObject({ status: 'CREATE_COMPLETE' })
  expect(progress).toEqual([])
})

test('watching what is not there says so', async () => {
  await expect(
    rig.deployments.watch(rig.aws.target, 'nope', () => undefined, neverAborted),
  ).rejects.toMatchObject({
    code: 'stack-unknown',
    args: { name: 'nope', region: 'eu-central-1' },
  })
})

test('while an operation is under way no other is planned', async () => {
  await abandonAt('the mount target')
  const error: unknown = await rig.plan().catch((reason: unknown) => reason)
  expect(isAppError(error, 'stack-busy') && messageFor(error)).toMatchObject({
    title: 'The stack is being changed',
    fix: 'Watch it with `mountbar deploy --watch --name mountbar-photos`, then try again.',
  })
})

test('making a stack is cancelled by deleting it; only the empty bucket stays, and is named', async () => {
  await abandonAt('the mount target')
  await rig.deployments.cancel(rig.aws.target, name, neverAborted)
  await expect(
    rig.deployments.watch(rig.aws.target, name, () => undefined, neverAborted),
  ).resolves.toBeUndefined()
  expect(rig.aws.control.state.fileSystems.size).toBe(0)
  expect(rig.aws.buckets).toHaveLength(1)
})

test('who watches a making that is cancelled is told so, and what stays', async () => {
  const plan = await rig.plan()
  let isCancelled = false
  const watched = rig.deployments.execute(
    plan,
    ({ current }) => {
      if (isCancelled || !current.includes('the mount target')) return
      isCancelled = true
      void rig.deployments.cancel(rig.aws.target, name, neverAborted)
    },
    neverAborted,
  )
  const error: unknown = await watched.catch((reason: unknown) => reason)
  const bucket = rig.aws.buckets[0]?.name ?? ''
  expect(isAppError(error, 'stack-cancelled') && messageFor(error).text).toBe(
    `The stack “mountbar-photos” was not deployed; what had been made was taken back, all but the empty bucket “${bucket}”.`,
  )
})

test('a change that is cancelled is taken back', async () => {
  const before = await rig.deploy()
  rig.cloud.hold('AllowedCidrRule')
  const choices = { cidrs: ['203.0.113.9/32', '203.0.113.10/32'] }
  await abandonAt('the rule for your address', choices)
  await rig.deployments.cancel(rig.aws.target, name, neverAborted)
  rig.cloud.release('AllowedCidrRule')
  await expect(
    rig.deployments.watch(rig.aws.target, name, () => undefined, neverAborted),
  ).rejects.toMatchObject({
    code: 'stack-cancelled',
  })
  const after = await rig.deployments.find(rig.aws.target, name, neverAborted)
  expect(after).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE', parameters: before.parameters })
})

test('a network that comes and goes does not end the watching', async () => {
  const plan = await rig.plan()
  let isCut = false
  const stack = await rig.deployments.execute(
    plan,
    () => {
      if (isCut) return
      isCut = true
      rig.cloudFormation.misbehave({ kind: 'cut' }, 12)
    },
    neverAborted,
  )
  expect(isCut).toBe(true)
  expect(stack.status).toBe('CREATE_COMPLETE')
})

test('events are read back over as many pages as it takes', async () => {
  await abandonAt('the mount target')
  const before = rig.cloudFormation.requests.length
  await rig.restarted().watch(rig.aws.target, name, () => undefined, neverAborted)
  const looks = rig.cloudFormation.requests
    .slice(before)
    .filter(({ body }) => body.includes('Action=DescribeStackEvents'))
  expect(looks.findIndex(({ body }) => body.includes('NextToken='))).toBe(1)
  // Only the first look goes back to the beginning.
  expect(looks.slice(-3).some(({ body }) => body.includes('NextToken='))).toBe(false)
})
