import { AppError } from '../../../shared/errors.ts'
import { readFileSystemTrouble } from '../aws/file-system-trouble.ts'
import { openStackApi, type FoundStack, type StackApi } from '../aws/stack-api.ts'
import type { AwsTarget, StackName, StackView, WayIn } from '../stack.ts'
import { isFinal, type OperationProgress } from '../watch/operation.ts'
import { judge, watchStack, type OperationEnd } from '../watch/watch-stack.ts'
import type { DeployPlan } from './deploy-plan.ts'
import type { DeployRequest } from './deploy-request.ts'
import { failedAtOnce } from './preflight.ts'
import { makePlan, type PlanParts, type Planned, type PlanStep } from './make-plan.ts'

export type OnProgress = (progress: OperationProgress) => void

/** From choices to a stack that is there. An aborted signal ends what is done here; what CloudFormation has begun goes on. */
export interface Deployments {
  /** What AWS would do; `discard` or `execute` it. @throws AppError what stands in the way. */
  plan(
    request: DeployRequest,
    options: { readonly onStep: (step: PlanStep) => void },
    signal: AbortSignal,
  ): Promise<Planned>
  /** Removes a plan, and the empty stack that a plan for a new one is kept in. */
  discard(plan: DeployPlan, signal: AbortSignal): Promise<void>
  /** @throws AppError `stack-plan-outdated`, why it failed, or `stack-cancelled`. */
  execute(plan: DeployPlan, onProgress: OnProgress, signal: AbortSignal): Promise<StackView>
  /**
   * Follows what is going on, whoever began it: after a restart, say. Resolves at once where nothing is, and with `undefined` when the stack was
   * being removed and is gone.
   * @throws AppError `stack-unknown`, `stack-foreign`, `stack-stuck`, or as `execute`.
   */
  watch(
    target: AwsTarget,
    name: StackName,
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<StackView | undefined>
  /**
   * What the newest operation comes to, whether it is under way or was over before anybody asked.
   * @throws AppError as `execute`, `stack-unknown` also where nothing was ever made, `stack-foreign`.
   */
  outcome(target: AwsTarget, name: StackName, onProgress: OnProgress, signal: AbortSignal): Promise<StackView>
  /** Has CloudFormation take back what it is doing; `watch` tells when that is done. Nothing where it is not doing anything. */
  cancel(target: AwsTarget, name: StackName, signal: AbortSignal): Promise<void>
  /** Deletes what a failed making has left, which nothing can be deployed over. @throws AppError when it is not that, or cannot be deleted. */
  removeFailed(target: AwsTarget, name: StackName, onProgress: OnProgress, signal: AbortSignal): Promise<void>
  list(target: AwsTarget, signal: AbortSignal): Promise<readonly StackView[]>
  /** @throws AppError `stack-unknown`, `stack-foreign`. */
  find(target: AwsTarget, name: StackName, signal: AbortSignal): Promise<StackView>
}

export function createDeployments(parts: PlanParts): Deployments {
  const { clients, clock, newToken } = parts
  const apiOf = (target: AwsTarget): StackApi => openStackApi(clients, target)

  const follow = (
    { target, stackId, token, expected }: Followed,
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<OperationEnd> =>
    watchStack(
      {
        api: apiOf(target),
        stackId,
        ...(token !== undefined && { token }),
        expected,
        fileSystemTrouble: (id, ending) => readFileSystemTrouble(id, { clients, target }, ending),
        onProgress,
        clock,
      },
      signal,
    )
  const found = async (target: AwsTarget, name: StackName, signal: AbortSignal): Promise<StackView> => {
    const stack = await apiOf(target).find(name, signal)
    if (stack === undefined) throw new AppError('stack-unknown', { name, region: target.region })
    if (stack.view === undefined) throw new AppError('stack-foreign', { name })
    return stack.view
  }
  return {
    plan: (request, { onStep }, signal) => makePlan(request, parts, onStep, signal),
    discard: async ({ kind, target, stackId, changeSetId }, signal) => {
      const api = apiOf(target)
      await api.deleteChangeSet(changeSetId, signal)
      const stack = kind === 'make' ? await api.find(stackId, signal) : undefined
      if (stack?.status === 'REVIEW_IN_PROGRESS') await api.delete(stackId, newToken(), signal)
    },
    execute: async (plan, onProgress, signal) => {
      const { target, name, stackId, changeSetId, items } = plan
      const api = apiOf(target)
      const { executionStatus } = (await api.describeChangeSet(changeSetId, signal)) ?? {}
      if (executionStatus !== 'AVAILABLE') throw new AppError('stack-plan-outdated', { name })
      const token = newToken()
      await api.execute(changeSetId, token, signal)
      const expected = items.map(({ logicalId }) => logicalId)
      judge(await follow({ target, stackId, token, expected }, onProgress, signal), name)
      return await found(target, name, signal)
    },
    watch: async (target, name, onProgress, signal) => {
      const stack = await found(target, name, signal)
      if (isFinal(stack.status) || stack.status === 'REVIEW_IN_PROGRESS') return stack
      const expected = await resourcesOf(stack.wayIn, parts)
      const end = await follow({ target, stackId: stack.id, expected }, onProgress, signal)
      if (end.events[0]?.status === 'DELETE_IN_PROGRESS') {
        if (end.status !== 'DELETE_COMPLETE') throw new AppError('stack-stuck', { name, status: end.status })
        return undefined
      }
      judge(end, name)
      return await found(target, name, signal)
    },
    outcome: async (target, name, onProgress, signal) => {
      const stack = await found(target, name, signal)
      if (stack.status === 'REVIEW_IN_PROGRESS')
        throw new AppError('stack-unknown', { name, region: target.region })
      const expected = await resourcesOf(stack.wayIn, parts)
      judge(await follow({ target, stackId: stack.id, expected }, onProgress, signal), name)
      return await found(target, name, signal)
    },
    cancel: async (target, name, signal) => {
      const { id, status } = await found(target, name, signal)
      const api = apiOf(target)
      if (status === 'CREATE_IN_PROGRESS') await api.delete(id, newToken(), signal)
      if (status === 'UPDATE_IN_PROGRESS') await api.cancelUpdate(id, newToken(), signal)
    },
    removeFailed: async (target, name, onProgress, signal) => {
      const api = apiOf(target)
      const stack = requireFailed(await api.find(name, signal), name)
      if (stack === undefined) return
      const token = newToken()
      await api.delete(stack.id, token, signal)
      const end = await follow({ target, stackId: stack.id, token, expected: [] }, onProgress, signal)
      if (end.status !== 'DELETE_COMPLETE') throw new AppError('stack-stuck', { name, status: end.status })
    },
    list: (target, signal) => apiOf(target).list(signal),
    find: found,
  }
}

interface Followed {
  readonly target: AwsTarget
  readonly stackId: string
  readonly token?: string
  readonly expected: readonly string[]
}

/** Never anything that works, or that is not ours. */
function requireFailed(stack: FoundStack | undefined, name: StackName): FoundStack | undefined {
  if (stack === undefined) return undefined
  if (stack.view === undefined) throw new AppError('stack-foreign', { name })
  const isFailed = failedAtOnce.includes(stack.status)
  return isFailed ? stack : undefined
}

/** All that the template may make; what its conditions leave out is never begun, and only makes the share done look smaller. */
async function resourcesOf(
  wayIn: WayIn,
  { templateOf }: Pick<PlanParts, 'templateOf'>,
): Promise<readonly string[]> {
  const { Resources } = JSON.parse(await templateOf(wayIn)) as {
    readonly Resources: Readonly<Record<string, unknown>>
  }
  return Object.keys(Resources)
}
