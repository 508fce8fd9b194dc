import type { OpenedStacks } from '../../src-main/app/stacks/opened-stacks.ts'
import type { DeployPlan } from '../../src-main/services/stacks/deploy/deploy-plan.ts'
import type { DeployRequest } from '../../src-main/services/stacks/deploy/deploy-request.ts'
import type { Deployments, OnProgress } from '../../src-main/services/stacks/deploy/deployments.ts'
import type { Planned } from '../../src-main/services/stacks/deploy/make-plan.ts'
import type { StackView } from '../../src-main/services/stacks/stack.ts'
import { orAborted } from '../../src-main/lib/or-aborted.ts'

export const aTarget = { profile: 'default', region: 'eu-central-1' }

export const aStackView: StackView = {
  ...aTarget,
  name: 'mountbar-photos',
  id: 'arn:aws:cloudformation:eu-central-1:111122223333:stack/mountbar-photos/1',
  status: 'CREATE_COMPLETE',
  wayIn: 'nlb',
  parameters: {},
  createdAtMs: 0,
}

export const aDeployPlan: DeployPlan = {
  kind: 'make',
  target: aTarget,
  name: 'mountbar-photos',
  stackId: aStackView.id,
  changeSetId: 'arn:change-set',
  wayIn: 'nlb',
  items: [
    { action: 'make', what: 'the bucket', logicalId: 'Bucket', type: 'AWS::S3::Bucket', properties: [] },
  ],
  standingUsd: 20,
  standingFor: [],
  warnings: [],
  cidrs: ['198.51.100.7/32'],
}

/** Plans and deploys nothing: each call waits until the test says what comes of it. */
export class FakeDeployments implements Deployments, OpenedStacks {
  /** What was asked, by name. */
  readonly asked: string[] = []
  readonly requests: DeployRequest[] = []
  planning = Promise.withResolvers<Planned>()
  /** Of `execute` and `outcome`. */
  operation = Promise.withResolvers<StackView>()
  onProgress: OnProgress | undefined
  onPlanStep: ((step: 'caller' | 'plan') => void) | undefined

  get deployments(): Deployments {
    return this
  }

  targetOf(): Promise<typeof aTarget> {
    return Promise.resolve(aTarget)
  }

  costOf(): number {
    return 20
  }

  async plan(
    request: DeployRequest,
    { onStep }: Parameters<Deployments['plan']>[1],
    signal: AbortSignal,
  ): Promise<Planned> {
    this.asked.push('plan')
    this.requests.push(request)
    this.onPlanStep = onStep
    return await orAborted(this.planning.promise, signal)
  }

  discard(): Promise<void> {
    this.asked.push('discard')
    return Promise.resolve()
  }

  async execute(_plan: DeployPlan, onProgress: OnProgress, signal: AbortSignal): Promise<StackView> {
    return await this.#operate('execute', onProgress, signal)
  }

  async outcome(...asked: Parameters<Deployments['outcome']>): Promise<StackView> {
    return await this.#operate('outcome', asked[2], asked[3])
  }

  watch(): Promise<undefined> {
    return Promise.resolve(undefined)
  }

  cancel(): Promise<void> {
    this.asked.push('cancel')
    return Promise.resolve()
  }

  removeFailed(): Promise<void> {
    this.asked.push('remove-failed')
    return Promise.resolve()
  }

  list(): Promise<readonly StackView[]> {
    return Promise.resolve([])
  }

  find(): Promise<StackView> {
    return Promise.resolve(aStackView)
  }

  /** The next operation waits anew. */
  again(): void {
    this.operation = Promise.withResolvers()
  }

  async #operate(what: string, onProgress: OnProgress, signal: AbortSignal): Promise<StackView> {
    this.asked.push(what)
    this.onProgress = onProgress
    return await orAborted(this.operation.promise, signal)
  }
}
