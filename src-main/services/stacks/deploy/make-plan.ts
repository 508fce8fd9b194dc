import type { Clock } from '../../../lib/clock.ts'
import { AppError } from '../../../shared/errors.ts'
import { openStackApi, type StackApi } from '../aws/stack-api.ts'
import type { ChangeSetView } from '../aws/stack-facts.ts'
import { stackNamePattern, type StackView, type WayIn } from '../stack.ts'
import { chooseParameters } from './choose-parameters.ts'
import type { DeployRequest } from './deploy-request.ts'
import { planCost, planItems, planWarnings, type DeployPlan } from './deploy-plan.ts'
import { checkCallerAndRegion, checkExistingBucket, stackToChange, type PreflightParts } from './preflight.ts'
import type { PublicAddress } from './public-address.ts'

export interface PlanParts extends Omit<PreflightParts, 'target'> {
  readonly templateOf: (wayIn: WayIn) => Promise<string>
  readonly publicAddress: PublicAddress
  readonly newToken: () => string
  readonly clock: Clock
}

export type PlanStep = 'caller' | 'bucket' | 'address' | 'plan'

/** The plan, or the stack as it is when there is nothing to change. */
export type Planned =
  | { readonly kind: 'plan'; readonly plan: DeployPlan }
  | { readonly kind: 'nothing-to-change'; readonly stack: StackView }

const usualWayIn: WayIn = 'nlb'
const lookEveryMs = 1_000
const makeLimitMs = 5 * 60_000

/**
 * Checks what can be checked beforehand, then has CloudFormation say what it would do. Nothing is made but the plan itself.
 * @throws AppError what stands in the way.
 */
export async function makePlan(
  request: DeployRequest,
  parts: PlanParts,
  onStep: (step: PlanStep) => void,
  signal: AbortSignal,
): Promise<Planned> {
  const { target, name, existingBucket } = request
  const { clients, clock } = parts
  if (!stackNamePattern.test(name))
    throw new AppError('stack-choice-invalid', {
      choice: 'the name',
      wanted: 'letters, digits and hyphens, beginning with a letter, 128 at most',
    })
  const preflight = { ...parts, target }
  onStep('caller')
  const caller = await checkCallerAndRegion(preflight, signal)
  const api = openStackApi(clients, target)
  const found = await api.find(name, signal)
  const current = stackToChange(found)
  const wayIn = request.wayIn ?? current?.wayIn ?? usualWayIn

  if (existingBucket !== undefined) onStep('bucket')
  const kmsKeyArn =
    existingBucket === undefined
      ? request.kmsKeyArn
      : await checkExistingBucket({ bucket: existingBucket, chosenKey: request.kmsKeyArn }, preflight, signal)
  const parameters = await chooseParameters(request, {
    wayIn,
    kmsKeyArn,
    current,
    ownAddress: () => {
      onStep('address')
      return parts.publicAddress(signal)
    },
  })

  onStep('plan')
  const token = parts.newToken()
  const { id: changeSetId, stackId } = await api.makeChangeSet(
    {
      name,
      changeSetName: `mountbar-${token}`,
      isNew: current === undefined,
      wayIn,
      ...(found !== undefined && { hadTags: found.tags }),
      templateBody: await parts.templateOf(wayIn),
      parameters,
      token,
    },
    signal,
  )
  const changeSet = await untilMade(changeSetId, api, clock, signal)
  if (changeSet.status === 'FAILED') {
    await api.deleteChangeSet(changeSetId, signal)
    if (current !== undefined && isNothing(changeSet)) return { kind: 'nothing-to-change', stack: current }
    // What a plan for a new stack is kept in is of no use without it.
    if (current === undefined) await api.delete(stackId, parts.newToken(), signal)
    throw new AppError('stack-plan-failed', { reason: changeSet.reason })
  }
  const cidrs = cidrsIn(parameters, current)
  const plan: DeployPlan = {
    kind: current === undefined ? 'make' : 'change',
    target,
    name,
    stackId,
    changeSetId,
    wayIn,
    ...(caller.accountId !== undefined && { accountId: caller.accountId }),
    items: planItems(changeSet.changes),
    ...planCost(wayIn),
    warnings: planWarnings(changeSet.changes, cidrs),
    cidrs,
  }
  return { kind: 'plan', plan }
}

async function untilMade(
  id: string,
  api: StackApi,
  clock: Clock,
  signal: AbortSignal,
): Promise<ChangeSetView> {
  const limitMs = clock.monotonicMs() + makeLimitMs
  for (;;) {
    const view = await api.describeChangeSet(id, signal)
    if (view === undefined) throw new AppError('stack-plan-outdated')
    if (!/PENDING|IN_PROGRESS/.test(view.status)) return view
    if (clock.monotonicMs() > limitMs) throw new AppError('stack-plan-failed', { reason: 'it took too long' })
    await clock.sleep(lookEveryMs, signal)
  }
}

/** CloudFormation calls it a failure. */
function isNothing({ reason }: ChangeSetView): boolean {
  return /didn['’]t contain changes|No updates are to be performed/i.test(reason)
}

function cidrsIn(
  parameters: Readonly<Record<string, string | undefined>>,
  current: StackView | undefined,
): readonly string[] {
  return ['AllowedCidr', 'AllowedCidr2', 'AllowedCidr3'].flatMap((name) => {
    if (!(name in parameters)) return []
    const cidr = parameters[name] ?? current?.parameters[name] ?? ''
    return cidr === '' ? [] : [cidr]
  })
}
