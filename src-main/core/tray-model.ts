import type { DriveView, Snapshot } from '../shared/app/snapshot.ts'
import type { StackProgress } from '../shared/app/stacks.ts'
import type { AppAction } from './app-action.ts'

export const trayStates = ['idle', 'mounted', 'working', 'attention', 'error'] as const
export type TrayState = (typeof trayStates)[number]

export type TrayMenuItem =
  | { readonly kind: 'separator' }
  | {
      readonly kind: 'action'
      readonly label: string
      readonly isEnabled: boolean
      readonly action: AppAction
    }
  | { readonly kind: 'submenu'; readonly label: string; readonly items: readonly TrayMenuItem[] }

/** Which icon says it at a glance: what is worst comes first. */
export function trayStateOf({ drives, conditions, prompt, stacks, update }: Snapshot): TrayState {
  const isAny = (is: (drive: DriveView) => boolean): boolean => drives.some(is)
  if (conditions.some(({ severity }) => severity === 'error') || isAny(isBroken)) return 'error'
  if (conditions.some(({ severity }) => severity === 'warning') || isAny(needsAttention)) return 'attention'
  if (prompt !== undefined) return 'attention'
  if (isAny(isWorking) || stacks.some(isBuilding) || update.kind === 'downloading') return 'working'
  return isAny(isMounted) ? 'mounted' : 'idle'
}

export function trayTooltipOf(snapshot: Snapshot): string {
  const { drives } = snapshot
  const pending = sum(drives, ({ uploads }) => uploads.pending)
  const attention = sum(drives, ({ uploads }) => uploads.attention)
  const broken = drives.filter(isBroken)
  return [
    `Mountbar: ${mountedInWords(drives)}`,
    ...(snapshot.prompt === undefined ? [] : ['AWS wants a code']),
    ...(pending > 0 ? [`${counted(pending, 'file')} on ${pending === 1 ? 'its' : 'their'} way`] : []),
    ...(attention > 0 ? [`${counted(attention, 'upload')} ${attention === 1 ? 'needs' : 'need'} you`] : []),
    ...(broken.length > 0
      ? [`${broken.length === 1 ? (broken[0]?.name ?? '') : counted(broken.length, 'drive')}: not working`]
      : []),
  ].join('\n')
}

/** The menu of a right click: what can be done without looking. */
export function trayMenuOf({ drives, update }: Snapshot): readonly TrayMenuItem[] {
  const mountable = drives.filter(canMount).map(({ id }) => id)
  return [
    ...drives.map(driveMenu),
    ...(drives.length > 0 ? [separator] : []),
    item('Mount All', { kind: 'mount', driveIds: mountable }, mountable.length > 0),
    item('Add Drive…', { kind: 'show-view', view: 'add-drive' }),
    separator,
    item('Settings…', { kind: 'show-view', view: 'settings' }),
    ...(update.kind === 'ready'
      ? [item(`Restart to Update to ${update.version}`, { kind: 'install-update' })]
      : []),
    item('Quit Mountbar', { kind: 'quit' }),
  ]
}

const separator: TrayMenuItem = { kind: 'separator' }

function item(label: string, action: AppAction, isEnabled = true): TrayMenuItem {
  return { kind: 'action', label, isEnabled, action }
}

function driveMenu(drive: DriveView): TrayMenuItem {
  const driveId = drive.id
  const isMounting = drive.state.kind === 'preparing'
  return {
    kind: 'submenu',
    label: `${drive.name} (${stateInWords(drive)})`,
    items: [
      item('Mount', { kind: 'mount', driveIds: [driveId] }, canMount(drive)),
      item(
        isMounting ? 'Stop Mounting' : 'Unmount',
        { kind: 'unmount', driveId },
        isMounted(drive) || isMounting,
      ),
      item('Reveal in Finder', { kind: 'reveal', driveId }, isMounted(drive)),
    ],
  }
}

function stateInWords({ state }: DriveView): string {
  switch (state.kind) {
    case 'unmounted':
      return 'not mounted'
    case 'preparing':
      return 'mounting…'
    case 'mounted':
      return state.degraded === undefined ? 'mounted' : 'no answer'
    case 'unmounting':
      return 'unmounting…'
    case 'delivering':
      return 'delivering…'
    case 'failed':
      return 'failed'
  }
}

function mountedInWords(drives: readonly DriveView[]): string {
  const mounted = drives.filter(isMounted)
  if (mounted.length === 0) return 'nothing is mounted'
  return mounted.length === 1
    ? `${mounted[0]?.name ?? ''} is mounted`
    : `${counted(mounted.length, 'drive')} are mounted`
}

function isMounted({ state }: DriveView): boolean {
  return state.kind === 'mounted'
}

function canMount({ state }: DriveView): boolean {
  // One that still delivers has no volume any more, and the next front takes over what is left.
  return state.kind === 'unmounted' || state.kind === 'failed' || state.kind === 'delivering'
}

function isBroken({ state }: DriveView): boolean {
  return state.kind === 'failed' || (state.kind === 'mounted' && state.degraded === 'front-down')
}

function needsAttention({ state, trouble, uploads }: DriveView): boolean {
  return (
    trouble !== undefined ||
    uploads.attention > 0 ||
    (state.kind === 'mounted' && state.degraded !== undefined)
  )
}

function isWorking({ state, uploads }: DriveView): boolean {
  return (
    state.kind === 'preparing' ||
    state.kind === 'unmounting' ||
    state.kind === 'delivering' ||
    (state.kind === 'mounted' && uploads.pending > 0)
  )
}

function isBuilding({ state }: StackProgress): boolean {
  return state.kind === 'deploying' || state.kind === 'cancelling'
}

function sum(drives: readonly DriveView[], of: (drive: DriveView) => number): number {
  return drives.reduce((total, drive) => total + of(drive), 0)
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
