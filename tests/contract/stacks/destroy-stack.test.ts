import { randomUUID } from 'node:crypto'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import {
  destroyStack,
  type DestroyStep,
  type Leftover,
} from '../../../src-main/services/stacks/destroy/destroy-stack.ts'
import { listFileSystems } from '../../../src-main/services/stacks/connect/list-file-systems.ts'
import { fileSystemOfStack } from '../../../src-main/services/stacks/connect/file-system-of-stack.ts'
import type { StackView } from '../../../src-main/services/stacks/stack.ts'
import { isAppError } from '../../../src-main/shared/errors.ts'
import { messageFor } from '../../../src-main/shared/messages.ts'
import { waitFor } from '../../harness/wait-for.ts'
import { deployStack, type DeployedStack } from '../../harness/aws/deployed-stack.ts'

let stack: DeployedStack
let view: StackView
let steps: DestroyStep[]
let pendingExports: () => number | undefined

beforeEach(async () => {
  steps = []
  pendingExports = () => 0
  stack = await deployStack({ wayIn: 'nlb', parameters: { AllowedCidr: '203.0.113.7/32' } })
  view = await stack.view()
})
afterEach(() => stack[Symbol.asyncDispose]())

function destroy(signal = new AbortController().signal): Promise<readonly Leftover[]> {
  const parts = {
    api: stack.api,
    pendingExports: () => Promise.resolve(pendingExports()),
    clock: stack.clock,
    newToken: randomUUID,
  }
  return destroyStack(view, parts, (step) => steps.push(step), signal)
}

async function toldBy(attempt: Promise<unknown>): Promise<string> {
  const error: unknown = await attempt.catch((reason: unknown) => reason)
  if (!isAppError(error)) throw error
  const { text, fix = '' } = messageFor(error)
  return `${text} → ${fix}`
}

const fileSystem = () => stack.rig.control.state.fileSystem(view.outputs!.fileSystemId)

test('a stack that was deployed can be connected to', async () => {
  const { rig } = stack
  const choices = await listFileSystems(rig.target, rig.s3Files, new AbortController().signal)
  expect(choices).toMatchObject([{ name: 'mountbar-photos', status: 'available' }])
  expect(fileSystemOfStack(view)).toMatchObject({
    fileSystemId: choices[0]!.fileSystemId,
    accessPointId: [...rig.control.state.accessPoints.keys()][0],
    server: { port: 2049 },
  })
})

test('all of it goes, what hangs on the file system before it, and the bucket is listed as left over', async () => {
  const { state } = stack.rig.control
  const bucketName = view.outputs!.bucketName
  const made = stack.cloud.find('mountbar-photos').resources.size
  const leftovers = await destroy()
  expect(leftovers.map(({ logicalId, physicalId }) => [logicalId, physicalId])).toContainEqual([
    'Bucket',
    bucketName,
  ])
  expect(leftovers.map(({ logicalId }) => logicalId).sort()).toEqual(['Bucket', 'BucketPolicy'])
  expect([state.fileSystems.size, state.mountTargets.size, state.accessPoints.size]).toEqual([0, 0, 0])
  expect(stack.host.securityGroups.groups.size).toBe(0)
  expect(stack.rig.buckets.map(({ name }) => name)).toEqual([bucketName])
  expect(steps.at(-1)).toMatchObject({ kind: 'removing', progress: { kind: 'removing', percent: 100 } })
  const totals = steps.map((step) => (step.kind === 'removing' ? step.progress.total : undefined))
  expect([...new Set(totals)]).toEqual([made])
})

test('a plan that nobody carried out goes without anything to watch', async () => {
  const { changeSet } = stack.cloud.createChangeSet({
    stackName: 'mountbar-planned',
    changeSetName: 'plan',
    type: 'CREATE',
    templateBody: JSON.stringify(stack.cloud.find('mountbar-photos').template),
    parameters: [{ name: 'AllowedCidr', value: '203.0.113.7/32' }],
    capabilities: ['CAPABILITY_IAM'],
    tags: [{ Key: 'mountbar:way-in', Value: 'nlb' }],
  })
  expect(changeSet.status).toBe('CREATE_COMPLETE')
  view = (await stack.api.find('mountbar-planned', new AbortController().signal))!.view!
  expect(view.status).toBe('REVIEW_IN_PROGRESS')
  expect(await destroy()).toEqual([])
  expect(await stack.api.find('mountbar-planned', new AbortController().signal)).toBeUndefined()
})

describe('changes that wait for the bucket', () => {
  test('are waited for, and counted, before anything is removed', async () => {
    let left = 4
    pendingExports = () => {
      left -= 1
      expect(stack.rig.control.state.mountTargets.size).toBe(1)
      return left
    }
    await destroy()
    expect(steps.filter(({ kind }) => kind === 'exporting')).toEqual([
      { kind: 'exporting', count: 3 },
      { kind: 'exporting', count: 2 },
      { kind: 'exporting', count: 1 },
    ])
  })

  test('that nobody counted make S3 Files refuse, and then it is tried again until they are gone', async () => {
    pendingExports = () => undefined
    fileSystem().pendingExports = 2
    const destroying = destroy()
    const seen = async () => {
      await waitFor(() => steps.some(({ kind }) => kind === 'exporting'), { what: 'the refusal', everyMs: 1 })
      fileSystem().pendingExports = 0
    }
    await Promise.all([destroying, seen()])
    expect(stack.rig.control.state.fileSystems.size).toBe(0)
  })

  test('that do not become less end it after a while, with what to do', async () => {
    pendingExports = () => 3
    expect(await toldBy(destroy())).toBe(
      `The file system “${view.outputs!.fileSystemId}” still holds 3 changes that the bucket does not have; S3 Files does not delete it before. → Wait some minutes, then try again. If it does not become less, a file may be one that S3 cannot take: see ExportFailures in CloudWatch.`,
    )
    expect((await stack.view()).status).toBe('CREATE_COMPLETE')
  })
})

describe('what is in the way', () => {
  test('is told in CloudFormation’s words, and another call goes on from there', async () => {
    stack.cloud.failNext('LoadBalancer', 'The load balancer has deletion protection.')
    expect(await toldBy(destroy())).toBe(
      'Not everything of the stack “mountbar-photos” could be removed: LoadBalancer: The load balancer has deletion protection. → Remove what is in the way, then go on with `mountbar destroy mountbar-photos`: it continues where it stopped.',
    )
    view = await stack.view()
    expect(view.status).toBe('DELETE_FAILED')
    await destroy()
    expect(stack.rig.control.state.fileSystems.size).toBe(0)
  })

  test('a permission that is missing is named', async () => {
    stack.cloud.failNext(
      'MountTarget',
      'User: ann is not authorized to perform: s3files:DeleteMountTarget on resource: x',
    )
    expect(await toldBy(destroy())).toMatch(/^Your AWS role may not do s3files:DeleteMountTarget for /)
  })

  test('a stack that is being changed is left alone', async () => {
    view = { ...view, status: 'UPDATE_IN_PROGRESS' }
    expect(await toldBy(destroy())).toContain('CloudFormation is working on the stack “mountbar-photos”')
    expect(steps).toEqual([])
  })
})

test('what was cut off is gone on with: the removal that is under way is watched, not begun again', async () => {
  stack.cloud.hold('FileSystem')
  const cut = new AbortController()
  const destroying = destroy(cut.signal)
  const seen = async () => {
    const { mountTargets } = stack.rig.control.state
    await waitFor(() => mountTargets.size === 0, { what: 'the mount target to go', everyMs: 1 })
    cut.abort()
  }
  await Promise.all([expect(destroying).rejects.toMatchObject({ name: 'AbortError' }), seen()])
  view = await stack.view()
  expect(view.status).toBe('DELETE_IN_PROGRESS')
  stack.cloud.release('FileSystem')
  const before = stack.cloudService.requests.filter(({ body }) => body.includes('Action=DeleteStack')).length
  expect((await destroy()).length).toBe(2)
  const after = stack.cloudService.requests.filter(({ body }) => body.includes('Action=DeleteStack')).length
  expect([before, after]).toEqual([1, 1])
})
