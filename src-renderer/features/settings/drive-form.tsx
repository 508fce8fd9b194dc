import { useState, type ReactNode, type SyntheticEvent } from 'react'

import type { DriveView } from '../../../src-main/shared/app/snapshot.ts'
import type { WriteMode } from '../../../src-main/shared/front-protocol.ts'
import { Button, SubmitButton } from '../../components/button.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { Field } from '../../components/field.tsx'
import { Select } from '../../components/select.tsx'
import { Switch } from '../../components/switch.tsx'
import { useCommand } from '../../lib/use-command.ts'
import { changesOf, draftOf, problemsOf, type DraftProblems, type DriveDraft } from './drive-draft.ts'

const writeModes: readonly { value: WriteMode; label: string }[] = [
  { value: 'queued', label: 'when safe on this Mac' },
  { value: 'write-through', label: 'when in S3 Files' },
]

export function DriveForm({ drive, onDone }: { drive: DriveView; onDone: () => void }): ReactNode {
  // What somebody else changes meanwhile is not put back by what was never touched here.
  const [opened] = useState(drive)
  const [draft, setDraft] = useState<DriveDraft>(() => draftOf(drive))
  const [problems, setProblems] = useState<DraftProblems>({})
  const change = useCommand('drive.change')
  const chooseFolder = useCommand('dialog.choose-folder')
  const put = (part: Partial<DriveDraft>): void => setDraft((old) => ({ ...old, ...part }))

  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault()
    const found = problemsOf(draft)
    setProblems(found)
    if (Object.keys(found).length > 0 || change.pending) return
    const changes = changesOf(opened, draft)
    const isSame = Object.keys(changes).length === 0
    const isSaved = isSame || (await change.run({ driveId: drive.id, changes })).ok
    if (isSaved) onDone()
  }
  const choose = async (): Promise<void> => {
    const answer = await chooseFolder.run({ title: `Where to mount ${drive.name}` })
    if (answer.ok && answer.value.dir !== undefined) put({ mountPoint: answer.value.dir })
  }
  return (
    <form
      className="form"
      onSubmit={(event) => void submit(event)}
      noValidate
      aria-label={`Settings of ${drive.name}`}
    >
      <Field label="Name" value={draft.name} onChange={(name) => put({ name })} problem={problems.name} />
      <Field
        label="Mount point"
        value={draft.mountPoint}
        onChange={(mountPoint) => put({ mountPoint })}
        problem={problems.mountPoint}
        after={
          <Button pending={chooseFolder.pending} onPress={() => void choose()}>
            Choose…
          </Button>
        }
      />
      {chooseFolder.failure !== undefined && (
        <FailureNote error={chooseFolder.failure} onDismiss={chooseFolder.clear} />
      )}
      <Switch
        label="Mount by itself"
        hint="When Mountbar starts, and when the network is back."
        checked={draft.autoMount}
        onChange={(autoMount) => put({ autoMount })}
      />
      <Switch label="Read-only" checked={draft.readOnly} onChange={(readOnly) => put({ readOnly })} />
      <Select
        label="A save is done"
        options={writeModes}
        value={draft.writeMode}
        onChange={(writeMode) => put({ writeMode })}
      />
      <Field
        label="Kept for reading, at most"
        type="number"
        value={draft.cacheGib}
        onChange={(cacheGib) => put({ cacheGib })}
        problem={problems.cacheGib}
        after={<span className="unit">GiB</span>}
      />
      <Field
        label="Room for saves on their way"
        type="number"
        value={draft.spoolGib}
        onChange={(spoolGib) => put({ spoolGib })}
        problem={problems.spoolGib}
        after={<span className="unit">GiB</span>}
      />
      {drive.state.kind === 'mounted' && (
        <p className="field-hint">Takes effect when the drive is mounted again.</p>
      )}
      {change.failure !== undefined && <FailureNote error={change.failure} onDismiss={change.clear} />}
      <div className="form-buttons">
        <Button onPress={onDone}>Cancel</Button>
        <SubmitButton pending={change.pending}>Save</SubmitButton>
      </div>
    </form>
  )
}
