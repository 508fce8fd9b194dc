import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Deployments } from '../../services/stacks/deploy/deployments.ts'
import type { AwsTarget } from '../../services/stacks/stack.ts'
import type { StackRef, WayIn } from '../../shared/app/stacks.ts'

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

/** The account and region of a stack, as `targetOf` takes them. */
export function chosenBy({ profile, region }: Pick<StackRef, 'profile' | 'region'>): {
  readonly profile?: string
  readonly region: string
} {
  return { region, ...(profile !== undefined && { profile }) }
}
