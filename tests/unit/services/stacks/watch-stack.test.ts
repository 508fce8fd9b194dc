import { expect, test } from 'vitest'

import type { StackApi } from '../../../../src-main/services/stacks/aws/stack-api.ts'
import type { StackEvent } from '../../../../src-main/services/stacks/aws/stack-facts.ts'
import type { OperationProgress } from '../../../../src-main/services/stacks/watch/operation.ts'
import {
  judge,
  watchStack,
  type OperationEnd,
} from '../../../../src-main/services/stacks/watch/watch-stack.ts'
import { AppError } from '../../../../src-main/shared/errors.ts'
import { HurryingClock } from '../../../fakes/hurrying-clock.ts'

const stackId = 'arn:aws:cloudformation:eu-central-1:1:stack/mountbar/1'
const fault = 'the role may not list the bucket'

function event(logicalId: string, status: string, physicalId = ''): StackEvent {
  const isStack = logicalId === 'mountbar'
  return {
    id: `${logicalId} ${status}`,
    atMs: 0,
    logicalId,
    physicalId: isStack ? stackId : physicalId,
    type: isStack ? 'AWS::CloudFormation::Stack' : 'AWS::S3Files::FileSystem',
    status,
    reason: '',
    token: '',
  }
}

const complete = [
  event('mountbar', 'CREATE_IN_PROGRESS'),
  event('FileSystem', 'CREATE_COMPLETE', 'fs-0a'),
  event('mountbar', 'CREATE_COMPLETE'),
]

interface Watched {
  readonly end: Promise<OperationEnd>
  readonly clock: HurryingClock
  readonly progress: readonly OperationProgress[]
}

function watch(
  events: () => Promise<readonly StackEvent[]>,
  fileSystemTrouble: () => string | undefined = () => undefined,
): Watched {
  const clock = new HurryingClock()
  const progress: OperationProgress[] = []
  const api = {
    // Looks back as far as it has to, as the real one.
    events: async (_id, isEnough) => {
      const all = await events()
      return all.slice(Math.max(0, all.findLastIndex(isEnough)))
    },
  } satisfies Pick<StackApi, 'events'> as unknown as StackApi
  const end = watchStack(
    {
      api,
      stackId,
      expected: [],
      fileSystemTrouble: () => Promise.resolve(fileSystemTrouble()),
      onProgress: (one) => progress.push(one),
      clock,
    },
    new AbortController().signal,
  )
  return { end, clock, progress }
}

test('a stack that is complete with a file system that is not, and does not become so, has failed', async () => {
  const { end, clock } = watch(
    () => Promise.resolve(complete),
    () => fault,
  )
  const judged = await end
  expect(clock.monotonicMs()).toBeGreaterThanOrEqual(45_000)
  expect(() => judge(judged, 'mountbar')).toThrow(
    expect.objectContaining({ code: 'stack-role-failed', args: { fileSystem: 'fs-0a', reason: fault } }),
  )
})

test('one whose file system only needs a moment more has not', async () => {
  let looks = 0
  const { end, progress } = watch(
    () => Promise.resolve(complete),
    () => ((looks += 1) < 4 ? 'initializing' : undefined),
  )
  const judged = await end
  expect(() => judge(judged, 'mountbar')).not.toThrow()
  expect(progress.every(({ trouble }) => trouble === undefined)).toBe(true)
})

test('a network that stays away ends the watching, and a refusal does at once', async () => {
  let looks = 0
  const failWith = (error: AppError) => () => {
    looks += 1
    return Promise.reject(error)
  }
  await expect(watch(failWith(new AppError('aws-unreachable'))).end).rejects.toMatchObject({
    code: 'aws-unreachable',
  })
  expect(looks).toBe(21)
  looks = 0
  await expect(watch(failWith(new AppError('aws-denied'))).end).rejects.toMatchObject({ code: 'aws-denied' })
  expect(looks).toBe(1)
})

test('what never ends is not watched without end', async () => {
  const { end } = watch(() => Promise.resolve(complete.slice(0, 1)))
  await expect(end).rejects.toMatchObject({ code: 'stack-timeout' })
})
