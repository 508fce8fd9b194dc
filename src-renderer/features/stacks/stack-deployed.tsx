import { useState, type ReactNode, type SyntheticEvent } from 'react'

import type { StackChoice, StackRef } from '../../../src-main/shared/app/stacks.ts'
import { Button, SubmitButton } from '../../components/button.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { Field } from '../../components/field.tsx'
import { Icon } from '../../components/icon.tsx'
import { send } from '../../lib/send.ts'
import { useCommand } from '../../lib/use-command.ts'
import { useIsHere } from '../../lib/use-is-here.ts'
import { useNewStackStore } from '../../stores/new-stack-store.ts'
import { useUiStore } from '../../stores/ui-store.ts'
import { driveNameOf, driveOfStack, type StackFileSystem } from '../add-drive/stack-choices.ts'
import type { StackActions } from './use-stack.ts'

interface StackDeployedProps {
  readonly reference: StackRef
  readonly choice: StackChoice
  readonly actions: StackActions
}

/** What it was all for. */
export function StackDeployed({ reference, choice, actions }: StackDeployedProps): ReactNode {
  const { fileSystem } = choice
  const putAway = (
    <Button pending={actions.dismiss.pending} onPress={actions.dismiss.run}>
      Put away
    </Button>
  )
  return (
    <>
      <p className="stack-done" role="status">
        <Icon name="check" /> The stack is there.
      </p>
      {fileSystem === undefined ? (
        <>
          <p className="field-hint">Its file system is not ready yet. Add it later with “From a stack”.</p>
          <div className="form-buttons">{putAway}</div>
        </>
      ) : (
        <MountForm reference={reference} fileSystem={fileSystem} putAway={putAway} />
      )}
      {actions.failure !== undefined && <FailureNote error={actions.failure} onDismiss={actions.clear} />}
    </>
  )
}

interface MountFormProps {
  readonly reference: StackRef
  readonly fileSystem: StackFileSystem
  /** The button beside the one that mounts. */
  readonly putAway: ReactNode
}

function MountForm({ reference, fileSystem, putAway }: MountFormProps): ReactNode {
  const [name, setName] = useState('')
  const [problem, setProblem] = useState<string>()
  const add = useCommand('drive.add-file-system')
  const isHere = useIsHere()
  const suggestion = driveNameOf(fileSystem)
  const mount = async (): Promise<void> => {
    const isLong = name.trim().length > 200
    setProblem(isLong ? 'That is too long for a name.' : undefined)
    if (isLong || add.pending) return
    const { profile, region } = reference
    const wanted = name.trim() === '' ? suggestion : name.trim()
    const answer = await add.run({
      fileSystem: driveOfStack({ profile, region }, fileSystem, wanted),
      mount: true,
    })
    if (!answer.ok) return
    // The drive has its own row from now on. A row of the stack that stays all the same can be put away there.
    void send('stack.dismiss', { ref: reference })
    useNewStackStore.getState().forget(reference)
    if (isHere()) useUiStore.getState().show('drives')
  }
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    void mount()
  }
  return (
    <form className="form" onSubmit={submit} noValidate aria-label="Mount it">
      <Field
        label="Name of the drive"
        value={name}
        onChange={setName}
        placeholder={suggestion}
        problem={problem}
        hint={`Shows ${fileSystem.bucket}/${fileSystem.prefix} in the Finder.`}
      />
      {add.failure !== undefined && <FailureNote error={add.failure} onDismiss={add.clear} />}
      <div className="form-buttons">
        {putAway}
        <SubmitButton pending={add.pending}>Mount it now</SubmitButton>
      </div>
    </form>
  )
}
