import type { Clock } from '../../../lib/clock.ts'
import { AppError, isAppError } from '../../../shared/errors.ts'
import type { StackApi } from '../aws/stack-api.ts'
import type { AwsTarget, StackName, StackView } from '../stack.ts'
import { explainFailure } from '../watch/explain-failure.ts'
import { isStackEvent, type OperationProgress } from '../watch/operation.ts'
import { watchStack, type OperationEnd } from '../watch/watch-stack.ts'

/** What is shown while a stack goes. */
export type DestroyStep =
  /** `count` is unknown where AWS does not tell it. */
  | { readonly kind: 'exporting'; readonly count?: number }
  | { readonly kind: 'removing'; readonly progress: OperationProgress }

/** What a stack leaves behind in AWS, and goes on to cost. */
export interface Leftover {
  readonly logicalId: string
  readonly type: string
  readonly physicalId: string
}

export interface DestroyParts {
  readonly api: StackApi
  /** How many changes wait for the bucket; `undefined` where nobody can tell. */
  readonly pendingExports: (
    target: AwsTarget,
    fileSystemId: string,
    signal: AbortSignal,
  ) => Promise<number | undefined>
  readonly clock: Clock
  readonly newToken: () => string
}

/** S3 Files exports a minute after the last change, and CloudWatch tells of it a minute later. */
const drainLimitMs = 15 * 60_000
const drainLookEveryMs = 15_000

/**
 * Deletes a stack: way in, mount target and access point first, then the file system, as CloudFormation knows from its template. Before, and
 * whenever S3 Files refuses for it, changes that wait for the bucket are waited for. What was begun by an earlier call is gone on with.
 * @returns what stays: the bucket the stack made, with its policy.
 * @throws AppError `exports-pending`, `stack-not-removed`, `stack-busy`. An aborted signal ends what is done here; CloudFormation goes on.
 */
export async function destroyStack(
  stack: StackView,
  parts: DestroyParts,
  onStep: (step: DestroyStep) => void,
  signal: AbortSignal,
): Promise<readonly Leftover[]> {
  const { api, clock, newToken } = parts
  const { name, status } = stack
  if (status === 'REVIEW_IN_PROGRESS') {
    // A plan that nobody carried out: there is nothing in it to watch going.
    await api.delete(stack.id, newToken(), signal)
    return []
  }
  const isGoing = status === 'DELETE_IN_PROGRESS'
  if (status.endsWith('_IN_PROGRESS') && !isGoing) throw new AppError('stack-busy', { name, status })
  const deadlineMs = clock.monotonicMs() + drainLimitMs
  if (!isGoing) await untilExported(stack, parts, deadlineMs, onStep, signal)

  const expected = await resourcesOf(stack, parts, signal)
  let token = isGoing ? undefined : newToken()
  for (;;) {
    if (token !== undefined) await api.delete(stack.id, token, signal)
    const end = await follow(stack, token, expected, parts, onStep, signal)
    if (end.status === 'DELETE_COMPLETE') return leftoversOf(end)
    if (!hasPendingExports(end)) throw notRemoved(name, end)
    if (clock.monotonicMs() >= deadlineMs) throw pending(stack)
    onStep({ kind: 'exporting' })
    await clock.sleep(drainLookEveryMs, signal)
    token = newToken()
  }
}

/** The metric may say none a little too early, and then S3 Files refuses; it may never say none, and then the limit does. */
async function untilExported(
  stack: StackView,
  { pendingExports, clock }: DestroyParts,
  deadlineMs: number,
  onStep: (step: DestroyStep) => void,
  signal: AbortSignal,
): Promise<void> {
  const fileSystemId = stack.outputs?.fileSystemId
  if (fileSystemId === undefined) return
  for (;;) {
    const count = await pendingExports(stack, fileSystemId, signal).catch(() => undefined)
    signal.throwIfAborted()
    if (count === undefined || count === 0) return
    onStep({ kind: 'exporting', count })
    if (clock.monotonicMs() >= deadlineMs) throw pending(stack, count)
    await clock.sleep(drainLookEveryMs, signal)
  }
}

/** What there is to remove, by all that ever happened to the stack; without it nobody could say how far the removal is. */
async function resourcesOf(
  { id }: StackView,
  { api }: DestroyParts,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const events = await api.events(id, () => false, signal).catch(() => [])
  signal.throwIfAborted()
  const newest = new Map(events.map(({ logicalId, status }) => [logicalId, status]))
  for (const event of events) if (isStackEvent(event)) newest.delete(event.logicalId)
  return [...newest].filter(([, status]) => !status.startsWith('DELETE_')).map(([logicalId]) => logicalId)
}

function follow(
  { id }: StackView,
  token: string | undefined,
  expected: readonly string[],
  { api, clock }: DestroyParts,
  onStep: (step: DestroyStep) => void,
  signal: AbortSignal,
): Promise<OperationEnd> {
  return watchStack(
    {
      api,
      stackId: id,
      ...(token !== undefined && { token }),
      expected,
      fileSystemTrouble: () => Promise.resolve(undefined),
      onProgress: (progress) => onStep({ kind: 'removing', progress }),
      clock,
    },
    signal,
  )
}

/** By S3 Files' own name for it, in the reason that CloudFormation passes on. */
function hasPendingExports({ events }: OperationEnd): boolean {
  return events.some(
    ({ type, status, reason }) =>
      type === 'AWS::S3Files::FileSystem' &&
      status === 'DELETE_FAILED' &&
      /PendingExport|pending export/i.test(reason),
  )
}

function leftoversOf({ events }: OperationEnd): readonly Leftover[] {
  return events
    .filter(({ status }) => status === 'DELETE_SKIPPED')
    .map(({ logicalId, type, physicalId }) => ({ logicalId, type, physicalId }))
}

function pending({ outputs }: StackView, count?: number): AppError {
  return new AppError('exports-pending', {
    ...(outputs !== undefined && { fileSystemId: outputs.fileSystemId }),
    ...(count !== undefined && { count }),
  })
}

/** A permission that is missing is told as that: it has a way out of its own. */
function notRemoved(name: StackName, { events, statusReason }: OperationEnd): AppError {
  const cause = explainFailure(events, statusReason)
  if (isAppError(cause, 'stack-denied', 'stack-blocked')) return cause
  const first = events.find(({ status }) => status === 'DELETE_FAILED')
  const reason = first === undefined ? statusReason : `${first.logicalId}: ${first.reason}`
  return new AppError('stack-not-removed', { name, ...(reason !== '' && { reason }) }, { cause })
}
