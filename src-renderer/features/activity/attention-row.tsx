import { useState, type ReactNode } from 'react'

import type { DriveView } from '../../../src-main/shared/app/snapshot.ts'
import type { UploadInfo } from '../../../src-main/shared/front-protocol.ts'
import { Button } from '../../components/button.tsx'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { baseNameOf } from '../../lib/format.ts'
import { useCommand } from '../../lib/use-command.ts'
import { FileLine } from './file-line.tsx'

/** A save that cannot be delivered without a person: why not, and the three ways out. */
export function AttentionRow({ drive, upload }: { drive: DriveView; upload: UploadInfo }): ReactNode {
  const retry = useCommand('upload.retry')
  const saveElsewhere = useCommand('upload.export')
  const discard = useCommand('upload.discard')
  const [savedTo, setSavedTo] = useState<string>()
  const [discardAsked, setDiscardAsked] = useState(false)
  const target = { driveId: drive.id, id: upload.id }
  const name = baseNameOf(upload.path)
  const failed = [retry, saveElsewhere].find(({ failure }) => failure !== undefined)
  const save = async (): Promise<void> => {
    const answer = await saveElsewhere.run(target)
    if (answer.ok) setSavedTo(answer.value.path)
  }
  return (
    <li className="row row-tall">
      <div className="row-words">
        <FileLine path={upload.path} driveName={drive.name} />
        <FailureNote error={upload.error ?? { code: 'unexpected', args: {} }} tone="warning" />
        <div className="row-buttons">
          <Button label={`Retry ${name}`} pending={retry.pending} onPress={() => void retry.run(target)}>
            Retry
          </Button>
          <Button
            label={`Save elsewhere… ${name}`}
            pending={saveElsewhere.pending}
            onPress={() => void save()}
          >
            Save elsewhere…
          </Button>
          <Button kind="danger" label={`Discard… ${name}`} onPress={() => setDiscardAsked(true)}>
            Discard…
          </Button>
        </div>
        {savedTo !== undefined && <p role="status">Saved as {savedTo}</p>}
        {failed?.failure !== undefined && <FailureNote error={failed.failure} onDismiss={failed.clear} />}
      </div>
      {discardAsked && (
        <ConfirmDialog
          title={`Discard “${name}”?`}
          text="What was saved last exists on this Mac only, and would be lost for good. What was there before stays."
          action="Discard"
          pending={discard.pending}
          failure={discard.failure}
          onConfirm={() => void discard.run(target)}
          onCancel={() => {
            setDiscardAsked(false)
            discard.clear()
          }}
        />
      )}
    </li>
  )
}
