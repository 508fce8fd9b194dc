import type { ReactNode } from 'react'

import { Button } from '../../components/button.tsx'
import { EmptyNote } from '../../components/empty-note.tsx'
import { Group } from '../../components/group.tsx'
import { useSnapshot } from '../../stores/app-store.ts'
import { useUiStore } from '../../stores/ui-store.ts'
import { sourceTextOf } from '../drives/drive-text.ts'
import { DriveForm } from './drive-form.tsx'

export function DriveSettings(): ReactNode {
  const drives = useSnapshot((snapshot) => snapshot.drives)
  const editedId = useUiStore(({ editedDriveId }) => editedDriveId)
  const editDrive = useUiStore(({ editDrive }) => editDrive)
  const closeDrive = useUiStore(({ closeDrive }) => closeDrive)
  const show = useUiStore(({ show }) => show)
  return (
    <Group
      title="Drives"
      aside={
        <Button kind="link" onPress={() => show('add-drive')}>
          Add drive…
        </Button>
      }
    >
      {drives.length === 0 && <EmptyNote>There are no drives yet.</EmptyNote>}
      <ul className="rows">
        {drives.map((drive) => {
          const isOpen = drive.id === editedId
          return (
            <li key={drive.id} className="row row-tall">
              <div className="row-words">
                <div className="account-head">
                  <h3 className="file-name">{drive.name}</h3>
                  <Button
                    kind="link"
                    label={isOpen ? `Close ${drive.name}` : `Edit ${drive.name}`}
                    onPress={() => (isOpen ? closeDrive : editDrive)(drive.id)}
                  >
                    {isOpen ? 'Close' : 'Edit'}
                  </Button>
                </div>
                <p className="file-place">{sourceTextOf(drive.source)}</p>
                {isOpen && <DriveForm drive={drive} onDone={() => closeDrive(drive.id)} />}
              </div>
            </li>
          )
        })}
      </ul>
    </Group>
  )
}
