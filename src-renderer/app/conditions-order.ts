import type { Condition } from '../../src-main/shared/app/snapshot.ts'

const ranks = { error: 0, warning: 1, info: 2 } as const

/** The worst first; otherwise as main has them. */
export function bySeverity(one: Condition, other: Condition): number {
  return ranks[one.severity] - ranks[other.severity]
}
