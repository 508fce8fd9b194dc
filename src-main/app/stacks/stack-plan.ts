import type { DeployPlan, PlanItem, PlanWarning } from '../../services/stacks/deploy/deploy-plan.ts'
import type { Planned } from '../../services/stacks/deploy/make-plan.ts'
import type { StackPlan } from '../../shared/app/stacks.ts'

const actions: Readonly<Record<PlanItem['action'], StackPlan['changes'][number]['action']>> = {
  make: 'create',
  change: 'change',
  replace: 'replace',
  remove: 'remove',
}

/** A plan as windows show it, before somebody says yes to it. */
export function stackPlanOf(planned: Planned, standingUsd: number): StackPlan {
  if (planned.kind === 'nothing-to-change') return { changes: [], monthlyUsd: standingUsd, warnings: [] }
  const { plan } = planned
  return {
    changes: plan.items.map(({ action, what }) => ({ action: actions[action], what: capitalized(what) })),
    monthlyUsd: plan.standingUsd,
    warnings: [...lettingIn(plan), ...plan.warnings.map(warningText)],
  }
}

function lettingIn({ wayIn, cidrs }: DeployPlan): readonly string[] {
  if (cidrs.length === 0) return []
  const whom = cidrs.join(', ')
  return [
    wayIn === 'private'
      ? `Of those whose network leads to it, it lets in ${whom}.`
      : `It lets in connections from ${whom} only.`,
  ]
}

function warningText(warning: PlanWarning): string {
  switch (warning.kind) {
    case 'open':
      return `${warning.cidr} lets everybody on the Internet connect. TLS and IAM still decide who gets in, and nothing else does.`
    case 'replaced':
      return `Made anew under other names: ${warning.what.join(', ')}. Unmount drives that use them before, and add them anew afterwards.`
    case 'maybe-replaced':
      return `Maybe made anew, which AWS knows only when it does it: ${warning.what.join(', ')}.`
    case 'file-system-goes':
      return 'The file system is removed; what has reached the bucket stays there. Unmount its drives and wait a few minutes first.'
  }
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
