import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, describe, expect, test } from 'vitest'

import { AppStacks } from '../../../src-main/app/stacks/app-stacks.ts'
import { createStackNotes } from '../../../src-main/app/stacks/stack-notes.ts'
import { stackPlanOf } from '../../../src-main/app/stacks/stack-plan.ts'
import { deployRequestOf } from '../../../src-main/app/stacks/stack-request.ts'
import { stateOfProgress } from '../../../src-main/app/stacks/stack-step.ts'
import { silentLogger } from '../../../src-main/lib/logger.ts'
import type { PlanWarning } from '../../../src-main/services/stacks/deploy/deploy-plan.ts'
import type { OperationProgress } from '../../../src-main/services/stacks/watch/operation.ts'
import type { NewStack, StackProgressState } from '../../../src-main/shared/app/stacks.ts'
import { AppError } from '../../../src-main/shared/errors.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'
import { aDeployPlan, aStackView, aTarget, FakeDeployments } from '../../fakes/fake-deployments.ts'
import { waitFor } from '../../harness/wait-for.ts'
import { makeTempDir, type TempDir } from '../../harness/temp-dir.ts'

let cleanup = new AsyncDisposableStack()
afterEach(async () => {
  await cleanup.disposeAsync()
  cleanup = new AsyncDisposableStack()
})

const ref = { profile: undefined, region: 'eu-central-1', name: 'mountbar-photos' }
const newStack: NewStack = { ...ref, bucket: { kind: 'new' }, prefix: '', wayIn: 'nlb' }
const progress: OperationProgress = {
  kind: 'making',
  percent: 40,
  done: 4,
  total: 10,
  current: ['the bucket'],
}

interface Open {
  readonly stacks: AppStacks
  readonly aws: FakeDeployments
  readonly clock: FakeClock
  readonly notesPath: string
  readonly state: () => StackProgressState | undefined
  readonly becomes: (kind: StackProgressState['kind'] | undefined) => Promise<void>
  /** The app, killed and started again. */
  readonly restart: () => Promise<Open>
}

async function open(temp?: TempDir): Promise<Open> {
  const home = temp ?? cleanup.use(await makeTempDir('stacks'))
  const notesPath = join(home.dir, 'state/stacks.json')
  const aws = new FakeDeployments()
  const clock = new FakeClock()
  const stacks = new AppStacks({
    open: () => Promise.resolve(aws),
    list: () => Promise.resolve([]),
    notes: createStackNotes(notesPath, silentLogger),
    clock,
    log: silentLogger,
  })
  cleanup.defer(() => stacks.end())
  const state = (): StackProgressState | undefined => stacks.views()[0]?.state
  return {
    stacks,
    aws,
    clock,
    notesPath,
    state,
    becomes: async (kind) => {
      await waitFor(() => state()?.kind === kind, { what: `the stack to be ${kind ?? 'gone'}` })
    },
    restart: async () => {
      const next = await open(home)
      next.stacks.look()
      return next
    },
  }
}

async function planned(): Promise<Open> {
  const opened = await open()
  await opened.stacks.plan(newStack)
  opened.aws.planning.resolve({ kind: 'plan', plan: aDeployPlan })
  await opened.becomes('planned')
  return opened
}

async function deploying(): Promise<Open> {
  const opened = await planned()
  await opened.stacks.deploy(ref)
  await waitFor(() => opened.aws.onProgress !== undefined, { what: 'the operation' })
  opened.aws.onProgress?.(progress)
  return opened
}

describe('a plan', () => {
  test('is shown with its changes, its cost and whom it lets in', async () => {
    const { state } = await planned()
    expect(state()).toEqual({
      kind: 'planned',
      plan: {
        changes: [{ action: 'create', what: 'The bucket' }],
        monthlyUsd: 20,
        warnings: ['It lets in connections from 198.51.100.7/32 only.'],
      },
    })
  })

  test('that cannot be made says why, and can be made again', async () => {
    const { stacks, aws, state, becomes } = await open()
    await stacks.plan(newStack)
    aws.planning.reject(new AppError('bucket-unversioned', { bucket: 'b' }))
    await becomes('failed')
    expect(state()).toMatchObject({ error: { code: 'bucket-unversioned' } })
    aws.planning = Promise.withResolvers()
    await stacks.plan(newStack)
    expect(state()?.kind).toBe('planning')
    expect(stacks.views()).toHaveLength(1)
  })

  test('that nobody wants is removed from AWS', async () => {
    const { stacks, aws, becomes } = await planned()
    await stacks.cancel(ref)
    await becomes(undefined)
    await waitFor(() => aws.asked.includes('discard'), { what: 'the plan to be removed' })
  })

  test('that is given up while CloudFormation makes it is removed as soon as it is there', async () => {
    const { stacks, aws } = await open()
    await stacks.plan(newStack)
    await waitFor(() => aws.onPlanStep !== undefined, { what: 'the plan to be asked for' })
    aws.onPlanStep?.('plan')
    await stacks.cancel(ref)
    expect(stacks.views()).toEqual([])
    expect(aws.asked).toEqual(['plan'])
    aws.planning.resolve({ kind: 'plan', plan: aDeployPlan })
    await waitFor(() => aws.asked.includes('discard'), { what: 'the plan to be removed' })
  })

  test('is removed when the app ends', async () => {
    const { stacks, aws } = await planned()
    await stacks.end()
    expect(aws.asked).toEqual(['plan', 'discard'])
  })

  test('is no plan any more once it is deployed', async () => {
    const { stacks } = await deploying()
    await expect(stacks.deploy(ref)).rejects.toMatchObject({ code: 'stack-plan-outdated' })
    await expect(stacks.plan(newStack)).rejects.toMatchObject({ code: 'stack-busy' })
  })

  test.each([
    ['CREATE_IN_PROGRESS', 'deploying'],
    ['DELETE_IN_PROGRESS', 'failed'],
  ] as const)('of a stack that is in %s elsewhere makes it %s here', async (status, kind) => {
    const { stacks, aws, becomes } = await open()
    await stacks.plan(newStack)
    aws.planning.reject(new AppError('stack-busy', { name: ref.name, status }))
    await becomes(kind)
  })

  test('without changes deploys nothing', async () => {
    const { stacks, aws, state, becomes } = await open()
    await stacks.plan(newStack)
    aws.planning.resolve({ kind: 'nothing-to-change', stack: aStackView })
    await becomes('planned')
    expect(state()).toMatchObject({ plan: { changes: [], monthlyUsd: 20 } })
    await stacks.deploy(ref)
    await becomes('deployed')
    expect(aws.asked).toEqual(['plan'])
  })

  test('after a failed deployment first removes what is left of that, and of nothing else', async () => {
    const { stacks, aws, becomes } = await deploying()
    aws.operation.reject(new AppError('stack-quota'))
    await becomes('failed')
    stacks.dismiss(ref)
    const first = (aws.planning = Promise.withResolvers())
    await stacks.plan(newStack)
    await waitFor(() => aws.asked.filter((one) => one === 'plan').length === 2, { what: 'a second plan' })
    aws.planning = Promise.withResolvers()
    first.reject(new AppError('stack-rolled-back', { name: ref.name }))
    await waitFor(() => aws.asked.length === 5, { what: 'a third plan' })
    expect(aws.asked.slice(2)).toEqual(['plan', 'remove-failed', 'plan'])

    const other = { ...newStack, name: 'other' }
    aws.planning = Promise.withResolvers()
    aws.planning.reject(new AppError('stack-rolled-back', { name: 'other' }))
    await stacks.plan(other)
    await waitFor(() => stacks.views()[0]?.state.kind === 'failed', { what: 'a refusal' })
    expect(aws.asked.slice(5)).toEqual(['plan'])
  })
})

describe('a deployment', () => {
  test('shows what is made, and how far it is', async () => {
    const { aws, state, becomes } = await deploying()
    expect(state()).toEqual({ kind: 'deploying', step: 'Making the bucket', fraction: 0.4 })
    aws.operation.resolve(aStackView)
    await becomes('deployed')
    expect(state()).toMatchObject({ choice: { name: 'mountbar-photos', fileSystem: undefined } })
  })

  test('that fails shows the cause', async () => {
    const { aws, state, becomes } = await deploying()
    aws.operation.reject(new AppError('stack-quota', { resource: 'the network' }))
    await becomes('failed')
    expect(state()).toMatchObject({ error: { code: 'stack-quota' } })
  })

  test('can be taken back', async () => {
    const { stacks, aws, state, becomes } = await deploying()
    await stacks.cancel(ref)
    await becomes('cancelling')
    // It goes on for a moment with what it was doing.
    aws.onProgress?.({ ...progress, percent: 41 })
    expect(state()?.kind).toBe('cancelling')
    aws.operation.reject(new AppError('stack-cancelled', { name: ref.name }))
    await becomes('failed')
    expect(aws.asked).toContain('cancel')
  })

  test('goes on being looked at when AWS does not answer for a while', async () => {
    const { aws, clock, state, becomes } = await deploying()
    const before = aws.operation
    aws.again()
    before.reject(new AppError('aws-unreachable'))
    await waitFor(() => JSON.stringify(state()).includes('does not answer'), { what: 'it to be said' })
    await clock.advance(20_000)
    await waitFor(() => aws.asked.at(-1) === 'outcome', { what: 'another look' })
    aws.operation.resolve(aStackView)
    await becomes('deployed')
  })

  test('that was never begun fails at once', async () => {
    const { stacks, aws, becomes } = await planned()
    await stacks.deploy(ref)
    await waitFor(() => aws.asked.includes('execute'), { what: 'the operation' })
    aws.operation.reject(new AppError('aws-unreachable'))
    await becomes('failed')
  })

  test('that wants for a sign-in is looked at again when there is one', async () => {
    const { stacks, aws, becomes } = await deploying()
    const before = aws.operation
    aws.again()
    before.reject(new AppError('sign-in-expired', { profile: 'work' }))
    await becomes('failed')
    stacks.look()
    await becomes('deploying')
    aws.operation.resolve(aStackView)
    await becomes('deployed')
  })
})

describe('an app that was killed and started again', () => {
  test('goes on showing what was under way, as AWS tells it', async () => {
    const { restart } = await deploying()
    const { aws, state, becomes } = await restart()
    await becomes('deploying')
    await waitFor(() => aws.onProgress !== undefined, { what: 'a look' })
    aws.onProgress?.({ ...progress, percent: 80 })
    expect(state()).toMatchObject({ fraction: 0.8 })
    aws.operation.resolve(aStackView)
    await becomes('deployed')
    expect(aws.asked).toEqual(['outcome'])
  })

  test('shows nothing of what was taken back meanwhile', async () => {
    const { stacks, becomes, restart } = await deploying()
    await stacks.cancel(ref)
    await becomes('cancelling')
    const again = await restart()
    await again.becomes('cancelling')
    again.aws.operation.reject(new AppError('stack-unknown', { name: ref.name, region: ref.region }))
    await again.becomes(undefined)
  })

  test('shows nothing of a plan, and of what was put away', async () => {
    const { restart } = await planned()
    const { stacks, becomes } = await restart()
    await stacks.plan(newStack)
    await becomes('planning')
    const other = await deploying()
    other.aws.operation.resolve(aStackView)
    await other.becomes('deployed')
    other.stacks.dismiss(ref)
    await waitFor(async () => (await readFile(other.notesPath, 'utf8')).includes('"stacks":[]'), {
      what: 'it to be forgotten',
    })
  })

  test('starts with notes that nobody can read', async () => {
    const { notesPath, restart } = await deploying()
    await writeFile(notesPath, '{"version":7}')
    const { stacks, becomes } = await restart()
    await stacks.plan(newStack)
    await becomes('planning')
    expect(stacks.views()).toHaveLength(1)
  })
})

test.each<[Partial<NewStack>, boolean, object]>([
  [{ bucket: { kind: 'existing', name: 'photos' } }, true, { existingBucket: 'photos' }],
  [{ bucket: { kind: 'new', name: 'photos' } }, true, { newBucket: 'photos' }],
  [{ prefix: 'summer/' }, true, { prefix: 'summer/' }],
  [{ wayIn: 'private' }, true, { cidrs: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'] }],
  [{ wayIn: 'private' }, false, {}],
])('what is typed as %o (new: %s) is asked for as %o', (choice, isNew, request) => {
  const { wayIn = 'nlb' } = choice
  const asked = deployRequestOf({ ...newStack, ...choice }, aTarget, isNew)
  expect(asked).toEqual({ target: aTarget, name: ref.name, wayIn, ...request })
})

test.each<[PlanWarning, string]>([
  [{ kind: 'open', cidr: '0.0.0.0/0' }, 'everybody'],
  [{ kind: 'replaced', what: ['the file system'] }, 'the file system'],
  [{ kind: 'maybe-replaced', what: ['the instance'] }, 'the instance'],
  [{ kind: 'file-system-goes' }, 'stays there'],
])('the warning %o is a sentence', (warning, word) => {
  const plan = { ...aDeployPlan, cidrs: [], warnings: [warning] }
  const [sentence = ''] = stackPlanOf({ kind: 'plan', plan }, 0).warnings
  expect(sentence).toContain(word)
  expect(sentence).toMatch(/\.$/)
})

test.each<[Partial<OperationProgress>, StackProgressState]>([
  [{ current: [] }, { kind: 'deploying', step: 'Making the stack', fraction: 0.4 }],
  [{ kind: 'changing' }, { kind: 'deploying', step: 'Changing the bucket', fraction: 0.4 }],
  [{ current: ['a', 'b', 'c'] }, { kind: 'deploying', step: 'Making a and 2 more', fraction: 0.4 }],
  [{ trouble: 'no role' }, { kind: 'deploying', step: 'S3 Files says: no role', fraction: 0.4 }],
  [{ kind: 'taking-back' }, { kind: 'cancelling' }],
  [{ kind: 'removing' }, { kind: 'cancelling' }],
])('the progress %o is shown as %o', (change, state) => {
  expect(stateOfProgress({ ...progress, ...change })).toEqual(state)
})
