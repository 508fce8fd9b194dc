import { monthlyCost } from '../../../../infra/api/monthly-cost.ts'
import { anyAddress } from '../../../../infra/api/way-in-parameters.ts'
import type { ResourceChange } from '../aws/stack-facts.ts'
import type { AwsTarget, StackName, WayIn } from '../stack.ts'
import { wordsFor } from '../watch/resource-words.ts'

export type PlanWarning =
  /** Everybody may knock. */
  | { readonly kind: 'open'; readonly cidr: string }
  /** Drives have to be told: these are made anew under another name. */
  | { readonly kind: 'replaced'; readonly what: readonly string[] }
  /** CloudFormation knows only when it does it. */
  | { readonly kind: 'maybe-replaced'; readonly what: readonly string[] }
  /** Files stay in the bucket, and the file system that shows them goes. */
  | { readonly kind: 'file-system-goes' }

/** One line of a plan. */
export interface PlanItem {
  readonly action: 'make' | 'change' | 'replace' | 'remove'
  readonly what: string
  readonly logicalId: string
  readonly type: string
  readonly properties: readonly string[]
}

/** What AWS would do, made but not done. It waits in CloudFormation until it is executed or discarded. */
export interface DeployPlan {
  readonly kind: 'make' | 'change'
  readonly target: AwsTarget
  readonly name: StackName
  readonly stackId: string
  readonly changeSetId: string
  readonly wayIn: WayIn
  readonly accountId?: string
  readonly items: readonly PlanItem[]
  /** Dollars a month for what stands there, and what for; see docs/costs.md. */
  readonly standingUsd: number
  readonly standingFor: readonly string[]
  readonly warnings: readonly PlanWarning[]
  /** Ranges that may connect afterwards. */
  readonly cidrs: readonly string[]
}

export function planItems(changes: readonly ResourceChange[]): readonly PlanItem[] {
  return changes.map(({ action, replacement, logicalId, type, properties }) => ({
    action:
      action === 'add'
        ? 'make'
        : action === 'remove'
          ? 'remove'
          : replacement === 'certainly'
            ? 'replace'
            : 'change',
    what: wordsFor(logicalId),
    logicalId,
    type,
    properties,
  }))
}

/** What drives know the stack by. */
const knownToDrives = ['FileSystem', 'AccessPoint', 'MountTarget', 'LoadBalancer', 'Instance']

export function planWarnings(
  changes: readonly ResourceChange[],
  cidrs: readonly string[],
): readonly PlanWarning[] {
  const namesOf = (replacement: ResourceChange['replacement']): readonly string[] =>
    changes
      .filter((change) => change.action === 'change' && change.replacement === replacement)
      .filter(({ logicalId }) => knownToDrives.includes(logicalId))
      .map(({ logicalId }) => wordsFor(logicalId))
  const replaced = namesOf('certainly')
  const maybe = namesOf('maybe')
  const fileSystemGoes = changes.some(
    ({ logicalId, action, replacement }) =>
      logicalId === 'FileSystem' && (action === 'remove' || replacement === 'certainly'),
  )
  return [
    ...(cidrs.includes(anyAddress) ? [{ kind: 'open', cidr: anyAddress } as const] : []),
    ...(replaced.length > 0 ? [{ kind: 'replaced', what: replaced } as const] : []),
    ...(maybe.length > 0 ? [{ kind: 'maybe-replaced', what: maybe } as const] : []),
    ...(fileSystemGoes ? [{ kind: 'file-system-goes' } as const] : []),
  ]
}

export function planCost(wayIn: WayIn): Pick<DeployPlan, 'standingUsd' | 'standingFor'> {
  const { standing, standingUsd } = monthlyCost(wayIn)
  return { standingUsd, standingFor: standing.map(({ price }) => price.what) }
}
