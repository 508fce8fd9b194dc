import type { ReactNode } from 'react'

import type { DriveView } from '../../../src-main/shared/app/snapshot.ts'
import { Button, IconButton } from '../../components/button.tsx'
import { MenuButton, type MenuItem } from '../../components/menu-button.tsx'
import { isMounted } from './drive-text.ts'
import type { Action, DriveActions as Actions } from './use-drive.ts'

export function DriveActions({ drive, actions }: { drive: DriveView; actions: Actions }): ReactNode {
  const { word, action } = mainAction(drive, actions)
  return (
    <div className="drive-actions">
      {isMounted(drive.state) && (
        <IconButton
          icon="folder"
          label={`Reveal ${drive.name} in Finder`}
          pending={actions.reveal.pending}
          onPress={actions.reveal.run}
        />
      )}
      {action !== undefined && (
        // One button through all states, so that the focus stays on it.
        <Button label={`${word} ${drive.name}`} pending={action.pending} onPress={action.run}>
          {word}
        </Button>
      )}
      <MenuButton label={`More for ${drive.name}`} items={menuOf(drive, actions)} />
    </div>
  )
}

function mainAction({ state }: DriveView, actions: Actions): { word: string; action: Action | undefined } {
  switch (state.kind) {
    case 'unmounted':
    case 'failed':
    case 'delivering':
      return { word: 'Mount', action: actions.mount }
    case 'preparing':
      // What the press on Mount started goes on; only the press on Cancel may be pending here.
      return { word: 'Cancel', action: actions.unmount }
    case 'mounted':
      return { word: 'Unmount', action: actions.unmount }
    case 'unmounting':
      return { word: 'Unmount', action: { ...actions.unmount, pending: true } }
  }
}

function menuOf({ source, state }: DriveView, actions: Actions): readonly MenuItem[] {
  const path: readonly MenuItem[] = isMounted(state)
    ? [{ label: 'Copy path', onSelect: actions.copyPath }]
    : []
  const console: readonly MenuItem[] =
    source.kind === 's3files' ? [{ label: 'Open bucket in AWS console', onSelect: actions.openConsole }] : []
  return [
    ...path,
    ...console,
    { label: 'Uploads', onSelect: actions.showUploads },
    { label: 'Settings…', onSelect: actions.showSettings },
    { label: 'Remove…', onSelect: actions.remove.ask, danger: true, separated: true },
  ]
}
