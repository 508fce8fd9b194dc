import { memo, useId, type ReactNode } from 'react'

import type { DriveView } from '../../../src-main/shared/app/snapshot.ts'
import { Button } from '../../components/button.tsx'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { DriveActions } from './drive-actions.tsx'
import { DriveMark } from './drive-mark.tsx'
import { DriveStatus } from './drive-status.tsx'
import { DriveTrouble } from './drive-trouble.tsx'
import { DriveVitals } from './drive-vitals.tsx'
import { isMounted, removalTextOf, sourceTextOf, stateTextOf, troubleOf } from './drive-text.ts'
import { useDrive } from './use-drive.ts'

/** Rendered again only when its own drive has changed: of fifty drives, one at work costs no more than a single one. */
export const DriveRow = memo(function DriveRow({ drive }: { drive: DriveView }): ReactNode {
  const nameId = useId()
  const actions = useDrive(drive)
  const state = stateTextOf(drive)
  const trouble = troubleOf(drive)
  const source = sourceTextOf(drive.source)
  return (
    <li className="drive" aria-labelledby={nameId}>
      <div className="drive-head">
        <DriveMark kind={drive.source.kind} tone={state.tone} />
        <div className="drive-words">
          <div className="drive-top">
            <h2 id={nameId} className="drive-name" title={drive.name}>
              {drive.name}
            </h2>
            <DriveActions drive={drive} actions={actions} />
          </div>
          <p className="drive-source" title={source}>
            {source}
          </p>
          <DriveStatus name={drive.name} state={state} />
        </div>
      </div>
      {isMounted(drive.state) && <DriveVitals vitals={drive.vitals} />}
      {trouble !== undefined && (
        <DriveTrouble trouble={trouble} tone={isMounted(drive.state) ? 'warning' : 'error'} />
      )}
      {actions.failure !== undefined && (
        <FailureNote error={actions.failure} onDismiss={actions.dismiss}>
          {actions.forceUnmount !== undefined && (
            <Button kind="danger" pending={actions.forceUnmount.pending} onPress={actions.forceUnmount.run}>
              Unmount anyway
            </Button>
          )}
        </FailureNote>
      )}
      {actions.remove.asked && (
        <ConfirmDialog
          title={`Remove “${drive.name}”?`}
          text={removalTextOf(drive)}
          action={actions.remove.discardsUploads ? 'Remove and discard' : 'Remove'}
          pending={actions.remove.pending}
          failure={actions.remove.failure}
          onConfirm={actions.remove.run}
          onCancel={actions.remove.cancel}
        />
      )}
    </li>
  )
})
