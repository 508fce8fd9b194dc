import type { Snapshot } from '../../src-main/shared/app/snapshot.ts'
import { messageFor } from '../../src-main/shared/messages.ts'
import { stateTextOf } from '../features/drives/drive-text.ts'
import { stackAnnouncementOf, stackKeyOf } from '../features/stacks/stack-text.ts'

/** What a screen reader should say of a change: states and troubles, never numbers that tick. */
export function announcementsOf(before: Snapshot, after: Snapshot): readonly string[] {
  return [...driveChanges(before, after), ...stackChanges(before, after), ...newConditions(before, after)]
}

function driveChanges(before: Snapshot, after: Snapshot): readonly string[] {
  const old = new Map(before.drives.map((drive) => [drive.id, drive]))
  return after.drives.flatMap((drive) => {
    const earlier = old.get(drive.id)
    if (earlier === undefined) return []
    const text = stateTextOf(drive).text
    const stateSaid = stateKey(earlier.state) === stateKey(drive.state) ? [] : [`${drive.name}: ${text}`]
    const { trouble } = drive
    const isNew = trouble !== undefined && trouble.error.code !== earlier.trouble?.error.code
    return isNew ? [...stateSaid, `${drive.name}: ${messageFor(trouble.error).title}`] : stateSaid
  })
}

function stateKey(state: Snapshot['drives'][number]['state']): string {
  return [state.kind, 'step' in state ? state.step : '', 'degraded' in state ? state.degraded : ''].join(' ')
}

function stackChanges(before: Snapshot, after: Snapshot): readonly string[] {
  const old = new Map(before.stacks.map(({ ref, state }) => [stackKeyOf(ref), state.kind]))
  return after.stacks
    .filter(({ ref, state }) => {
      const earlier = old.get(stackKeyOf(ref))
      return earlier !== undefined && earlier !== state.kind
    })
    .map(stackAnnouncementOf)
}

function newConditions(before: Snapshot, after: Snapshot): readonly string[] {
  const known = new Set(before.conditions.map(({ id }) => id))
  return after.conditions.filter(({ id }) => !known.has(id)).map(({ error }) => messageFor(error).title)
}
