import type { Clock } from '../../../lib/clock.ts'
import { AppError } from '../../../shared/errors.ts'
import type { StackApi } from '../aws/stack-api.ts'
import type { ChangeSetView } from '../aws/stack-facts.ts'
import type { StackView } from '../stack.ts'
import { judge, watchStack } from '../watch/watch-stack.ts'
import { decideAccess, type AccessDecision } from './decide-access.ts'

export interface UpdateAccessParts {
  readonly api: StackApi
  readonly clock: Clock
  /** A request token: never the same twice. */
  readonly newToken: () => string
}

/** The rule that holds `AllowedCidr`, as the template names it. */
const ownRule = 'AllowedCidrRule'
const lookEveryMs = 1_000
/** CloudFormation takes seconds for it. */
const planLimitMs = 2 * 60_000

/**
 * Lets an address in by its load balancer, in place of the one that was let in before. It is done by the stack's own parameter: the stack goes on to
 * say what is the case, and no rule is touched that it did not make. The new rule is there before the old one goes.
 * @throws AppError `access-not-changeable`, `stack-busy`, `stack-stuck`, or why CloudFormation failed. An aborted signal ends the watching only.
 */
export async function updateAccess(
  stack: StackView,
  address: string,
  parts: UpdateAccessParts,
  signal: AbortSignal,
): Promise<AccessDecision> {
  const decision = decideAccess(stack, address)
  if (decision.kind === 'allowed') return decision
  const { api, clock, newToken } = parts
  const { name } = stack
  const token = newToken()
  const kept = Object.fromEntries(Object.keys(stack.parameters).map((key) => [key, undefined]))
  const { id } = await api.makeChangeSet(
    {
      name,
      changeSetName: `mountbar-access-${token}`,
      isNew: false,
      wayIn: stack.wayIn,
      parameters: { ...kept, AllowedCidr: decision.to },
      token,
    },
    signal,
  )
  try {
    requireOwnRuleOnly(await untilPlanned(id, parts, signal), name)
  } catch (error) {
    await api.deleteChangeSet(id, signal).catch(() => undefined)
    throw error
  }
  await api.execute(id, token, signal)
  const end = await watchStack(
    {
      api,
      stackId: stack.id,
      token,
      expected: [ownRule],
      fileSystemTrouble: () => Promise.resolve(undefined),
      onProgress: () => undefined,
      clock,
    },
    signal,
  )
  judge(end, name)
  return decision
}

async function untilPlanned(
  changeSetId: string,
  { api, clock }: UpdateAccessParts,
  signal: AbortSignal,
): Promise<ChangeSetView> {
  const limitMs = clock.monotonicMs() + planLimitMs
  for (;;) {
    const plan = await api.describeChangeSet(changeSetId, signal)
    if (plan === undefined) throw new AppError('stack-plan-outdated')
    if (plan.status === 'CREATE_COMPLETE') return plan
    if (plan.status === 'FAILED') throw new AppError('stack-plan-failed', { reason: plan.reason })
    if (clock.monotonicMs() > limitMs) throw new AppError('stack-timeout')
    await clock.sleep(lookEveryMs, signal)
  }
}

/** What else would change was changed behind the stack's back, or by a newer template: not ours to decide here. */
function requireOwnRuleOnly({ changes }: ChangeSetView, name: string): void {
  const others = changes.filter(({ logicalId }) => logicalId !== ownRule)
  if (changes.length > 0 && others.length === 0) return
  const reason =
    changes.length === 0
      ? 'CloudFormation sees nothing to change'
      : `other parts of the stack would change too: ${others.map(({ logicalId }) => logicalId).join(', ')}`
  throw new AppError('access-not-changeable', { name, reason })
}
