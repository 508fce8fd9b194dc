import type { ReactNode } from 'react'

import { SubmitButton } from '../../components/button.tsx'
import { ChoiceList } from '../../components/choice-list.tsx'
import { EmptyNote } from '../../components/empty-note.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { Field } from '../../components/field.tsx'
import { Switch } from '../../components/switch.tsx'
import { LookupNote } from './lookup-note.tsx'
import { stackChoices } from './stack-choices.ts'
import { useFromStackForm } from './use-from-stack-form.ts'
import { WhereFields } from './where-fields.tsx'

/** A stack tells all that a drive needs: there is a name left to choose. */
export function FromStackForm(): ReactNode {
  const form = useFromStackForm()
  const { draft, problems, put, stacks, add } = form
  const found = stacks.answer
  return (
    <form className="form" onSubmit={form.submit} noValidate aria-label="From a stack">
      <WhereFields profile={draft.profile} region={draft.region} problems={problems} onChange={put} />
      <LookupNote {...stacks} profile={draft.profile} looking="Looking for stacks…" onAgain={stacks.again} />
      {found?.length === 0 && (
        <EmptyNote>This profile sees none of Mountbar’s stacks in this region.</EmptyNote>
      )}
      {found !== undefined && found.length > 0 && (
        <ChoiceList
          legend="Stacks"
          choices={stackChoices(found)}
          value={draft.stack}
          onChange={(stack) => put({ stack })}
        />
      )}
      {problems.stack !== undefined && (
        <p className="field-problem" role="alert">
          {problems.stack}
        </p>
      )}
      <Field
        label="Name"
        value={draft.name}
        onChange={(name) => put({ name })}
        placeholder={form.suggestedName}
        problem={problems.name}
        hint="In the list and in the Finder."
      />
      <Switch label="Mount now" checked={form.mount} onChange={form.setMount} />
      {add.failure !== undefined && <FailureNote error={add.failure} onDismiss={add.clear} />}
      <div className="form-buttons">
        <SubmitButton pending={add.pending}>Add drive</SubmitButton>
      </div>
    </form>
  )
}
