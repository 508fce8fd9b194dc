import type { ReactNode, SyntheticEvent } from 'react'

import { SubmitButton } from '../../components/button.tsx'
import { ChoiceList } from '../../components/choice-list.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { useCommand } from '../../lib/use-command.ts'
import { useIsHere } from '../../lib/use-is-here.ts'
import { useNewStackStore } from '../../stores/new-stack-store.ts'
import { useUiStore } from '../../stores/ui-store.ts'
import { newStackOf } from './stack-draft.ts'
import { wayInChoices } from './stack-text.ts'

/** How this Mac gets there: who may knock, and what that costs. */
export function WayInStep(): ReactNode {
  const draft = useNewStackStore((state) => state.draft)
  const put = useNewStackStore((state) => state.put)
  const addDrive = useUiStore((state) => state.addDrive)
  const plan = useCommand('stack.plan')
  const isHere = useIsHere()
  const send = async (): Promise<void> => {
    if (plan.pending) return
    const stack = newStackOf(draft)
    const { profile, region, name } = stack
    const answer = await plan.run({ stack })
    if (answer.ok && isHere()) addDrive({ kind: 'stack', ref: { profile, region, name } })
  }
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    void send()
  }
  return (
    <form className="form" onSubmit={submit} noValidate aria-label="The way in">
      <ChoiceList
        legend="How this Mac gets there"
        choices={wayInChoices}
        value={draft.wayIn}
        onChange={(wayIn) => put({ wayIn })}
      />
      <p className="field-hint">
        The way in only decides who may knock. Every connection is encrypted, and AWS lets in nobody but whom
        IAM permits. What is stored and moved costs extra.
      </p>
      {plan.failure !== undefined && <FailureNote error={plan.failure} onDismiss={plan.clear} />}
      <div className="form-buttons">
        <SubmitButton pending={plan.pending}>Make a plan</SubmitButton>
      </div>
    </form>
  )
}
