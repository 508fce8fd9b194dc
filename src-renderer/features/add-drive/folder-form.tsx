import { useState, type ReactNode, type SyntheticEvent } from 'react'

import { Button, SubmitButton } from '../../components/button.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { Field } from '../../components/field.tsx'
import { Switch } from '../../components/switch.tsx'
import { useCommand } from '../../lib/use-command.ts'
import { useIsHere } from '../../lib/use-is-here.ts'
import { useUiStore } from '../../stores/ui-store.ts'

/** A Sandbox: its own folder, or one of the user's. */
export function FolderForm(): ReactNode {
  const [dir, setDir] = useState('')
  const [mount, setMount] = useState(true)
  const add = useCommand('drive.add-sandbox')
  const chooseFolder = useCommand('dialog.choose-folder')
  const show = useUiStore(({ show }) => show)
  const isHere = useIsHere()
  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault()
    if (add.pending) return
    const answer = await add.run(dir.trim() === '' ? { mount } : { dir: dir.trim(), mount })
    if (answer.ok && isHere()) show('drives')
  }
  const choose = async (): Promise<void> => {
    const answer = await chooseFolder.run({ title: 'Folder to use as a Sandbox' })
    if (answer.ok && answer.value.dir !== undefined) setDir(answer.value.dir)
  }
  return (
    <form className="form" onSubmit={(event) => void submit(event)} noValidate aria-label="Sandbox folder">
      <Field
        label="Folder"
        value={dir}
        onChange={setDir}
        placeholder="The Sandbox’s own"
        hint="Leave it empty for a new folder with a few files to play with."
        after={
          <Button pending={chooseFolder.pending} onPress={() => void choose()}>
            Choose…
          </Button>
        }
      />
      <Switch label="Mount now" checked={mount} onChange={setMount} />
      {chooseFolder.failure !== undefined && (
        <FailureNote error={chooseFolder.failure} onDismiss={chooseFolder.clear} />
      )}
      {add.failure !== undefined && <FailureNote error={add.failure} onDismiss={add.clear} />}
      <div className="form-buttons">
        <SubmitButton pending={add.pending}>Add drive</SubmitButton>
      </div>
    </form>
  )
}
