import type { Change, StackEvent as SdkEvent } from '@aws-sdk/client-cloudformation'

/** Something that happened to a stack or to one of its resources. */
export interface StackEvent {
  readonly id: string
  readonly atMs: number
  /** Of the stack itself it is the stack's name. */
  readonly logicalId: string
  readonly physicalId: string
  readonly type: string
  /** `CREATE_IN_PROGRESS` */
  readonly status: string
  readonly reason: string
  /** Of the request that led to it. */
  readonly token: string
}

export type Replacement = 'never' | 'maybe' | 'certainly'

/** What a change set would do with one resource. */
export interface ResourceChange {
  readonly action: 'add' | 'change' | 'remove'
  readonly replacement: Replacement
  readonly logicalId: string
  readonly physicalId: string
  readonly type: string
  /** Names of the properties that are another. */
  readonly properties: readonly string[]
}

export interface ChangeSetView {
  readonly status: string
  readonly executionStatus: string
  readonly reason: string
  readonly changes: readonly ResourceChange[]
}

export function eventOf(event: SdkEvent): StackEvent {
  return {
    id: event.EventId ?? '',
    atMs: event.Timestamp?.getTime() ?? 0,
    logicalId: event.LogicalResourceId ?? '',
    physicalId: event.PhysicalResourceId ?? '',
    type: event.ResourceType ?? '',
    status: event.ResourceStatus ?? '',
    reason: event.ResourceStatusReason ?? '',
    token: event.ClientRequestToken ?? '',
  }
}

/** A change of another kind than of a resource is none. */
export function changeOf({ ResourceChange: change }: Change): readonly ResourceChange[] {
  if (change === undefined) return []
  const action = change.Action === 'Add' ? 'add' : change.Action === 'Remove' ? 'remove' : 'change'
  const replacement =
    change.Replacement === 'True' ? 'certainly' : change.Replacement === 'Conditional' ? 'maybe' : 'never'
  const properties = (change.Details ?? []).flatMap(({ Target }) => Target?.Name ?? [])
  return [
    {
      action,
      replacement,
      logicalId: change.LogicalResourceId ?? '',
      physicalId: change.PhysicalResourceId ?? '',
      type: change.ResourceType ?? '',
      properties: [...new Set(properties)],
    },
  ]
}
