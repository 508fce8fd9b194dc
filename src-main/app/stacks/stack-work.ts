import { failureKindOf } from '../../core/session-failure.ts'
import { createEmitter } from '../../lib/event.ts'
import type { StackView } from '../../services/stacks/stack.ts'
import type { OperationProgress } from '../../services/stacks/watch/operation.ts'
import type { NewStack, StackProgress, StackProgressState, StackRef, WayIn } from '../../shared/app/stacks.ts'
import { AppError, isAppError, toAppError, type ErrorCode } from '../../shared/errors.ts'
import { askWithin } from './ask-within.ts'
import { chosenBy, type StackWorkDeps } from './opened-stacks.ts'
import { stackChoiceOf } from './stack-choice.ts'
import type { StackNote } from './stack-notes.ts'
import { StackPlanning, type PlanOptions } from './stack-planning.ts'
import { firstLook, firstStep, stateOfProgress } from './stack-step.ts'

/** A code that was declined or wrong is not asked for again and again. */
export const signInCodes: readonly ErrorCode[] = ['sign-in-needed', 'sign-in-expired', 'session-expired']

/** CloudFormation goes on meanwhile, and nothing else waits for it. */
const retryMs = 15_000

/** One stack from its plan to its end, as far as this app has to do with it. What goes on in AWS goes on without it. */
export class StackWork {
  readonly ref: StackRef
  readonly wayIn: WayIn
  readonly changed = createEmitter<undefined>()
  readonly #deps: StackWorkDeps
  readonly #stop = new AbortController()
  readonly #planning: StackPlanning
  #state: StackProgressState = { kind: 'planning' }
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
    this.#planning = new StackPlanning(of.ref.name, deps)
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
    this.#planning.make(stack, options, this.#stop.signal).then(
      (plan) => this.#set({ kind: 'planned', plan }),
      (reason: unknown) => {
        if (isBeingDeployed(reason)) this.resume(false)
        else this.#fail(reason)
      },
    )
  }

  /** @param noted resolves when it can be found after a crash. @throws AppError `stack-plan-outdated` where there is no plan. */
  deploy(noted: () => Promise<void>): void {
    const planned = this.#state.kind === 'planned' ? this.#planning.take() : undefined
    if (planned === undefined) throw new AppError('stack-plan-outdated', { name: this.ref.name })
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
    const target = await stacks.targetOf(chosenBy(this.ref))
    await askWithin(this.#deps.clock, (signal) => stacks.deployments.cancel(target, this.ref.name, signal))
    this.#isCancelled = true
    // It may have come to an end meanwhile.
    if (this.#isStill('deploying')) this.#set({ kind: 'cancelling' })
  }

  /** Has nothing more to do with it. Resolves when a plan there may be is removed from AWS, or cannot be; never rejects. */
  async leave(): Promise<void> {
    await this.#planning.end(() => this.#stop.abort())
    this.#stop.abort()
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
    const target = await stacks.targetOf(chosenBy(this.ref))
    return await stacks.deployments.outcome(target, this.ref.name, onProgress, signal)
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

/** By somebody else, or by an app that could not look any longer: what there is to plan is seen when that is over. */
function isBeingDeployed(reason: unknown): boolean {
  return isAppError(reason, 'stack-busy') && /^(CREATE|UPDATE)_/.test(String(reason.args['status']))
}
