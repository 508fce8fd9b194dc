import { join } from 'node:path'

import { afterEach, expect, test } from 'vitest'

import { AppStacks } from '../../../src-main/app/stacks/app-stacks.ts'
import { createStackNotes } from '../../../src-main/app/stacks/stack-notes.ts'
import { silentLogger } from '../../../src-main/lib/logger.ts'
import type { OperationProgress } from '../../../src-main/services/stacks/watch/operation.ts'
import { AppError, type ErrorCode } from '../../../src-main/shared/errors.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'
import { aDeployPlan, aStackView, FakeDeployments } from '../../fakes/fake-deployments.ts'
import { makeTempDir, type TempDir } from '../../harness/temp-dir.ts'
import { waitFor } from '../../harness/wait-for.ts'
import { openApp, type OpenApp } from './open-app.ts'

let cleanup = new AsyncDisposableStack()
afterEach(async () => {
  await cleanup.disposeAsync()
  cleanup = new AsyncDisposableStack()
})

const ref = { profile: undefined, region: 'eu-central-1', name: 'mountbar-photos' }
const progress: OperationProgress = {
  kind: 'making',
  percent: 40,
  done: 4,
  total: 10,
  current: ['the bucket'],
}

interface Open {
  readonly app: OpenApp
  readonly stacks: AppStacks
  readonly aws: FakeDeployments
  readonly told: () => readonly unknown[]
  readonly becomes: (kind: string) => Promise<void>
}

async function open(temp: TempDir): Promise<Open> {
  const aws = new FakeDeployments()
  const stacks = new AppStacks({
    open: () => Promise.resolve(aws),
    list: () => Promise.resolve([]),
    notes: createStackNotes(join(temp.dir, 'stacks.json'), silentLogger),
    clock: new FakeClock(),
    log: silentLogger,
  })
  cleanup.defer(() => stacks.end())
  const app = cleanup.use(await openApp({ stacks }))
  return {
    app,
    stacks,
    aws,
    told: () => app.happened.map(({ kind, stack, error }) => [kind, stack, error?.code]),
    becomes: async (kind) => {
      await waitFor(() => stacks.views()[0]?.state.kind === kind, { what: `it to be ${kind}` })
    },
  }
}

async function newTemp(): Promise<TempDir> {
  return cleanup.use(await makeTempDir('stack-ends'))
}

async function deploying(temp: TempDir): Promise<Open> {
  const opened = await open(temp)
  const { stacks, aws, becomes } = opened
  await stacks.plan({ ...ref, bucket: { kind: 'new' }, prefix: '', wayIn: 'nlb' })
  aws.planning.resolve({ kind: 'plan', plan: aDeployPlan })
  await becomes('planned')
  await stacks.deploy(ref)
  await waitFor(() => aws.onProgress !== undefined, { what: 'the operation' })
  aws.onProgress?.(progress)
  return opened
}

test('the end of a deployment is told of, as it takes minutes', async () => {
  const { aws, becomes, told } = await deploying(await newTemp())
  expect(told()).toEqual([])
  aws.operation.resolve(aStackView)
  await becomes('deployed')
  expect(told()).toEqual([['stack-done', 'mountbar-photos', undefined]])
})

test.each<[ErrorCode, readonly unknown[]]>([
  ['stack-quota', [['stack-done', 'mountbar-photos', 'stack-quota']]],
  // AWS goes on, and how it ends is told of when it can be seen again.
  ['sign-in-expired', []],
])('one that fails with %s is told of as %j', async (code, expected) => {
  const { aws, becomes, told } = await deploying(await newTemp())
  aws.operation.reject(new AppError(code))
  await becomes('failed')
  expect(told()).toEqual(expected)
})

test('one that was called off here is no news', async () => {
  const { stacks, aws, becomes, told } = await deploying(await newTemp())
  await stacks.cancel(ref)
  aws.operation.reject(new AppError('stack-cancelled', { name: ref.name }))
  await becomes('failed')
  expect(told()).toEqual([])
})

test.each([
  ['had ended before the app looked', 1, 0],
  ['ended while the app looked', 2, 1],
] as const)('after a start of the app one that %s is told of %#', async (_how, progresses, times) => {
  const temp = await newTemp()
  const first = await deploying(temp)
  await first.stacks.end()
  const { stacks, aws, becomes, told } = await open(temp)
  stacks.look()
  await waitFor(() => aws.onProgress !== undefined, { what: 'the look' })
  for (let count = 0; count < progresses; count += 1) aws.onProgress?.({ ...progress, percent: 50 + count })
  aws.operation.resolve(aStackView)
  await becomes('deployed')
  expect(told()).toHaveLength(times)
})
