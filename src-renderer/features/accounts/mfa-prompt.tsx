import { useState, type ReactNode, type SyntheticEvent } from 'react'

import type { PromptView } from '../../../src-main/shared/app/snapshot.ts'
import { Button, SubmitButton } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { Field } from '../../components/field.tsx'
import { useCommand } from '../../lib/use-command.ts'
import { useSnapshot } from '../../stores/app-store.ts'

/** Asks what only a person knows, wherever they are in the popover. It goes when main no longer asks. */
export function MfaPrompt(): ReactNode {
  const prompt = useSnapshot((snapshot) => snapshot.prompt)
  return prompt === undefined ? null : <MfaDialog key={prompt.id} prompt={prompt} />
}

function MfaDialog({ prompt }: { prompt: PromptView }): ReactNode {
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<string>()
  const answer = useCommand('prompt.answer')
  const decline = useCommand('prompt.answer')
  const { id, profile, serial } = prompt
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    const value = code.replaceAll(/\s/g, '')
    const isCode = /^\d{6}$/.test(value)
    setProblem(isCode ? undefined : 'The code has six digits.')
    if (isCode && !answer.pending) void answer.run({ id, value })
  }
  const cancel = (): void => void decline.run({ id })
  const failure = answer.failure ?? decline.failure
  return (
    <Dialog title="AWS wants a code" onCancel={cancel}>
      <form onSubmit={submit} noValidate>
        <p className="dialog-text">
          The profile {profile} needs the six digits that your authenticator shows for <code>{serial}</code>.
        </p>
        <Field label="Code" value={code} onChange={setCode} problem={problem} placeholder="123 456" />
        {failure !== undefined && <FailureNote error={failure} />}
        <div className="dialog-buttons">
          <Button pending={decline.pending} onPress={cancel}>
            Cancel
          </Button>
          <SubmitButton pending={answer.pending}>Continue</SubmitButton>
        </div>
      </form>
    </Dialog>
  )
}
