import type { Deployments } from '../../services/stacks/deploy/deployments.ts'
import type { Planned } from '../../services/stacks/deploy/make-plan.ts'
import type { AwsTarget } from '../../services/stacks/stack.ts'
import type { NewStack, StackPlan } from '../../shared/app/stacks.ts'
import { isAppError } from '../../shared/errors.ts'
import { askWithin } from './ask-within.ts'
import { chosenBy, type StackWorkDeps } from './opened-stacks.ts'
import { stackPlanOf } from './stack-plan.ts'
import { deployRequestOf } from './stack-request.ts'

export interface PlanOptions {
  /** What has to be over before. */
  readonly after: Promise<void> | undefined
  readonly mayReplace: boolean
}

/** The plan of one stack: made by CloudFormation, which keeps it until it is carried out or removed. */
export class StackPlanning {
  readonly #name: string
  readonly #deps: StackWorkDeps
  #making: Promise<StackPlan> | undefined
  #planned: Planned | undefined
  /** CloudFormation has a plan to keep, or is about to. */
  #isInAws = false

  constructor(name: string, deps: StackWorkDeps) {
    this.#name = name
    this.#deps = deps
  }

  /** Once. @throws AppError what keeps it from being planned. */
  make(stack: NewStack, options: PlanOptions, signal: AbortSignal): Promise<StackPlan> {
    this.#making = this.#make(stack, options, signal)
    return this.#making
  }

  /** Hands the plan over to whoever carries it out; undefined where there is none. */
  take(): Planned | undefined {
    const planned = this.#planned
    this.#planned = undefined
    this.#isInAws = false
    return planned
  }

  /** Removes a plan there may be from AWS; one that is being made is called off with `stop`. Never rejects. */
  async end(stop: () => void): Promise<void> {
    // A plan that is just being made would stay: it is waited for, and then removed.
    if (!this.#isInAws) stop()
    await this.#making?.catch(() => undefined)
    stop()
    const planned = this.take()
    if (planned?.kind !== 'plan') return
    try {
      const { deployments } = await this.#deps.open()
      await askWithin(this.#deps.clock, (signal) => deployments.discard(planned.plan, signal))
    } catch (error) {
      this.#deps.log.warn('app', 'plan of a stack not removed', { name: this.#name, error })
    }
  }

  async #make(stack: NewStack, { after, mayReplace }: PlanOptions, signal: AbortSignal): Promise<StackPlan> {
    await after
    signal.throwIfAborted()
    const stacks = await this.#deps.open()
    const { deployments } = stacks
    const target = await stacks.targetOf(chosenBy(stack))
    const isNew = stack.wayIn === 'private' && !(await isThere(deployments, target, stack.name, signal))
    const request = deployRequestOf(stack, target, isNew)
    const onStep = (step: string): void => {
      this.#isInAws = step === 'plan'
    }
    const plan = (): Promise<Planned> => deployments.plan(request, { onStep }, signal)
    this.#planned = await plan().catch(async (error: unknown) => {
      this.#isInAws = false
      if (!mayReplace || !isAppError(error, 'stack-rolled-back')) throw error
      await deployments.removeFailed(target, stack.name, () => undefined, signal)
      return await plan()
    })
    return stackPlanOf(this.#planned, stacks.costOf(stack.wayIn))
  }
}

async function isThere(
  deployments: Deployments,
  target: AwsTarget,
  name: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    return (await deployments.find(target, name, signal)).status !== 'REVIEW_IN_PROGRESS'
  } catch (error) {
    // Whatever else keeps it from being seen, the plan says better.
    return !isAppError(error, 'stack-unknown')
  }
}
