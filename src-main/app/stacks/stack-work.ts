import { failureKindOf } from '../../core/session-failure.ts'
import type { Clock } from '../../lib/clock.ts'
import { createEmitter } from '../../lib/event.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Deployments } from '../../services/stacks/deploy/deployments.ts'
import type { Planned } from '../../services/stacks/deploy/make-plan.ts'
import type { AwsTarget, StackView } from '../../services/stacks/stack.ts'
import type { OperationProgress } from '../../services/stacks/watch/operation.ts'
import type { NewStack, StackProgress, StackProgressState, StackRef, WayIn } from '../../shared/app/stacks.ts'
import { AppError, isAppError, toAppError, type ErrorCode } from '../../shared/errors.ts'
import { stackChoiceOf } from './stack-choice.ts'
import type { StackNote } from './stack-notes.ts'
import { stackPlanOf } from './stack-plan.ts'
import { deployRequestOf } from './stack-request.ts'
import { firstLook, firstStep, stateOfProgress } from './stack-step.ts'

/** What is opened with the first use of it. */
export interface OpenedStacks {
  readonly deployments: Deployments
  /** @throws AppError `profile-unknown`, or what is wrong with the profile. */
  targetOf(chosen: { readonly profile?: string; readonly region?: string }): Promise<AwsTarget>
  /** Dollars a month for a stack of that way in. */
  costOf(wayIn: WayIn): number
}

export interface StackWorkDeps {
  readonly open: () => Promise<OpenedStacks>
  readonly clock: Clock
  readonly log: Logger
}

/** A code that was declined or wrong is not asked for again and again. */
export const signInCodes: readonly ErrorCode[] = ['sign-in-needed', 'sign-in-expired', 'session-expired']

export interface PlanOptions {
  /** What has to be over before. */
  readonly after: Promise<void> | undefined
  readonly mayReplace: boolean
}

/** CloudFormation goes on meanwhile, and nothing else waits for it. */
const retryMs = 15_000
const askLimitMs = 30_000

/** One stack from its plan to its end, as far as this app has to do with it. What goes on in AWS goes on without it. */
export class StackWork {
  readonly ref: StackRef
  readonly wayIn: WayIn
  readonly changed = createEmitter<undefined>()
  readonly #deps: StackWorkDeps
  readonly #stop = new AbortController()
  #state: StackProgressState = { kind: 'planning' }
  #planned: Planned | undefined
  #planning: Promise<void> | undefined
  /** CloudFormation has a plan to keep, or is about to. */
  #isPlanInAws = false
  /** CloudFormation was seen at work. */
  #hasBegun = false
  #isResumed = false
  #progresses = 0
  #isCancelled = false
  #isGone = false

  constructor(of: { readonly ref: StackRef; readonly wayIn: WayIn }, deps: StackWorkDeps) {
    this.ref = of.ref
    this.wayIn = of.wayIn
    this.#deps = deps
  }

  get view(): StackProgress {
    return { ref: this.ref, wayIn: this.wayIn, state: this.#state }
  }

  /** What the next start of the app has to look at. */
  get note(): StackNote | undefined {
    const { kind } = this.#state
    const isOnItsWay = kind === 'deploying' || kind === 'cancelling' || kind === 'deployed'
    if (!isOnItsWay && !(kind === 'failed' && this.#hasBegun)) return undefined
    return { ref: this.ref, wayIn: this.wayIn, isCancelled: this.#isCancelled }
  }

  /** It was taken back, as somebody wanted, while nobody looked: there is nothing to show. */
  get isGone(): boolean {
    return this.#isGone
  }

  /** It failed when it was deployed from here: what is left of it is in the way of the next try, and of no other use. */
  get hasFailed(): boolean {
    return this.#state.kind === 'failed' && this.#hasBegun
  }

  /** It went on under our eyes, and nobody here called it off: how it ends is news. Of one that had ended before it was looked at there is one progress. */
  get isWatched(): boolean {
    return !this.#isCancelled && this.#progresses > (this.#isResumed ? 1 : 0)
  }

  /** @param options.mayReplace what is left of a making that failed is removed when it is in the way. */
  makePlan(stack: NewStack, options: PlanOptions): void {
    this.#planning = this.#makePlan(stack, options).catch((reason: unknown) => {
      if (isBeingDeployed(reason)) this.resume(false)
      else this.#fail(reason)
    })
  }

  /** @param noted resolves when it can be found after a crash. @throws AppError `stack-plan-outdated` where there is no plan. */
  deploy(noted: () => Promise<void>): void {
    const planned = this.#planned
    if (planned === undefined || this.#state.kind !== 'planned') {
      throw new AppError('stack-plan-outdated', { name: this.ref.name })
    }
    this.#planned = undefined
    this.#isPlanInAws = false
    this.#set(firstStep)
    void this.#follow(async (onProgress, signal) => {
      if (planned.kind === 'nothing-to-change') return planned.stack
      const [{ deployments }] = await Promise.all([this.#deps.open(), noted()])
      return await deployments.execute(planned.plan, onProgress, signal)
    })
  }

  /** Looks what has become of what was under way when the app ended. */
  resume(isCancelled: boolean): void {
    this.#hasBegun = this.#isResumed = true
    this.#isCancelled = isCancelled
    this.#set(isCancelled ? { kind: 'cancelling' } : firstLook)
    void this.#follow((onProgress, signal) => this.#outcome(onProgress, signal))
  }

  /** Looks again where AWS would not tell for want of a sign-in. */
  lookAgain(): void {
    const state = this.#state
    if (state.kind !== 'failed' || !this.#hasBegun || this.#stop.signal.aborted) return
    if (signInCodes.includes(state.error.code)) this.resume(this.#isCancelled)
  }

  /** Has AWS take back what it is doing. Resolves when it has begun to. @throws AppError why it does not. */
  async takeBack(): Promise<void> {
    if (this.#state.kind !== 'deploying') return
    const stacks = await this.#deps.open()
    const target = await stacks.targetOf(named(this.ref))
    await this.#within(askLimitMs, (signal) => stacks.deployments.cancel(target, this.ref.name, signal))
    this.#isCancelled = true
    // It may have come to an end meanwhile.
    if (this.#isStill('deploying')) this.#set({ kind: 'cancelling' })
  }

  /** Has nothing more to do with it. Resolves when a plan there may be is removed from AWS, or cannot be; never rejects. */
  async leave(): Promise<void> {
    // A plan that is just being made would stay: it is waited for, and then removed.
    if (!this.#isPlanInAws) this.#stop.abort()
    await this.#planning
    this.#stop.abort()
    const planned = this.#planned
    this.#planned = undefined
    if (planned?.kind !== 'plan') return
    try {
      const { deployments } = await this.#deps.open()
      await this.#within(askLimitMs, (signal) => deployments.discard(planned.plan, signal))
    } catch (error) {
      this.#deps.log.warn('app', 'plan of a stack not removed', { name: this.ref.name, error })
    }
  }

  async #makePlan(stack: NewStack, { after, mayReplace }: PlanOptions): Promise<void> {
    const { signal } = this.#stop
    await after
    signal.throwIfAborted()
    const stacks = await this.#deps.open()
    const { deployments } = stacks
    const target = await stacks.targetOf(named(stack))
    const isNew = stack.wayIn === 'private' && !(await isThere(deployments, target, stack.name, signal))
    const request = deployRequestOf(stack, target, isNew)
    const onStep = (step: string): void => {
      this.#isPlanInAws = step === 'plan'
    }
    const plan = (): Promise<Planned> => deployments.plan(request, { onStep }, signal)
    const planned = await plan().catch(async (error: unknown) => {
      this.#isPlanInAws = false
      if (!mayReplace || !isAppError(error, 'stack-rolled-back')) throw error
      await deployments.removeFailed(target, stack.name, () => undefined, signal)
      return await plan()
    })
    this.#planned = planned
    this.#set({ kind: 'planned', plan: stackPlanOf(planned, stacks.costOf(this.wayIn)) })
  }

  /** To its end, over whatever passes by itself. */
  async #follow(
    work: (onProgress: (progress: OperationProgress) => void, signal: AbortSignal) => Promise<StackView>,
  ): Promise<void> {
    const { signal } = this.#stop
    const { clock, log } = this.#deps
    const onProgress = (progress: OperationProgress): void => {
      this.#hasBegun = true
      this.#progresses += 1
      const state = stateOfProgress(progress)
      // Until AWS has begun to take it back, it goes on with what it was doing.
      if (!this.#isCancelled || state.kind === 'cancelling') this.#set(state)
    }
    for (let next = work; ;) {
      try {
        this.#set({ kind: 'deployed', choice: stackChoiceOf(await next(onProgress, signal)) })
        return
      } catch (reason) {
        if (signal.aborted) return
        const error = toAppError(reason)
        if (!this.#hasBegun || failureKindOf(error.code) !== 'passing') {
          this.#fail(error)
          return
        }
        log.info('app', 'stack not seen', { name: this.ref.name, error })
        const now = this.#state
        if (now.kind === 'deploying') this.#set({ ...now, step: 'AWS does not answer. Trying again' })
        // Called off, it is what is tried next that ends at once.
        await clock.sleep(retryMs, signal).catch(() => undefined)
        next = (...how) => this.#outcome(...how)
      }
    }
  }

  async #outcome(onProgress: (progress: OperationProgress) => void, signal: AbortSignal): Promise<StackView> {
    const stacks = await this.#deps.open()
    const target = await stacks.targetOf(named(this.ref))
    return await stacks.deployments.outcome(target, this.ref.name, onProgress, signal)
  }

  async #within<T>(limitMs: number, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const limit = new AbortController()
    using _timer = this.#deps.clock.setTimeout(() => limit.abort(new AppError('aws-timeout')), limitMs)
    return await ask(limit.signal)
  }

  #isStill(kind: StackProgressState['kind']): boolean {
    return this.#state.kind === kind
  }

  #fail(reason: unknown): void {
    if (this.#stop.signal.aborted) return
    const error = toAppError(reason)
    this.#isGone = this.#isCancelled && error.code === 'stack-unknown'
    this.#deps.log.warn('app', 'stack failed', { name: this.ref.name, error })
    this.#set({ kind: 'failed', error: error.toJSON() })
  }

  #set(state: StackProgressState): void {
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return
    this.#state = state
    this.changed.fire(undefined)
  }
}

function named({ profile, region }: StackRef): { readonly profile?: string; readonly region: string } {
  return { region, ...(profile !== undefined && { profile }) }
}

/** By somebody else, or by an app that could not look any longer: what there is to plan is seen when that is over. */
function isBeingDeployed(reason: unknown): boolean {
  return isAppError(reason, 'stack-busy') && /^(CREATE|UPDATE)_/.test(String(reason.args['status']))
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
