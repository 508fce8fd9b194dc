import { useState, type ReactNode, type SyntheticEvent } from 'react'

import { SubmitButton } from '../../components/button.tsx'
import { ChoiceList, type Choice } from '../../components/choice-list.tsx'
import { Field } from '../../components/field.tsx'
import { useNewStackStore, type StackDraft } from '../../stores/new-stack-store.ts'
import { WhereFields } from '../add-drive/where-fields.tsx'
import { stackProblemsOf, type StackProblems } from './stack-draft.ts'

const buckets: readonly Choice<StackDraft['bucketKind']>[] = [
  { value: 'new', label: 'A new one', detail: 'Keeps versions, encrypted, closed to the public.' },
  {
    value: 'existing',
    label: 'One that is there',
    detail: 'Is not changed. It has to keep versions, and be in this region.',
  },
]

/** In whose account, under which name, and which bucket. */
export function WhereStep(): ReactNode {
  const draft = useNewStackStore((state) => state.draft)
  const putDraft = useNewStackStore((state) => state.put)
  const goTo = useNewStackStore((state) => state.goTo)
  const [problems, setProblems] = useState<StackProblems>({})
  const put = (part: Partial<StackDraft>): void => {
    putDraft(part)
    setProblems((old) => Object.fromEntries(Object.entries(old).filter(([key]) => !(key in part))))
  }
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    const found = stackProblemsOf(draft)
    setProblems(found)
    if (Object.keys(found).length === 0) goTo('way-in')
  }
  const isNew = draft.bucketKind === 'new'
  return (
    <form className="form" onSubmit={submit} noValidate aria-label="Where and what">
      <WhereFields profile={draft.profile} region={draft.region} problems={problems} onChange={put} />
      <Field
        label="Name of the stack"
        value={draft.name}
        onChange={(name) => put({ name: name.trim() })}
        placeholder="mountbar-photos"
        problem={problems.name}
        hint="In CloudFormation. Give it that of a stack of Mountbar’s to change that one."
      />
      <ChoiceList
        legend="Bucket"
        choices={buckets}
        value={draft.bucketKind}
        onChange={(bucketKind) => put({ bucketKind, bucketName: '' })}
      />
      <Field
        label="Name of the bucket"
        value={draft.bucketName}
        onChange={(bucketName) => put({ bucketName: bucketName.trim() })}
        placeholder={isNew ? 'AWS finds one' : 'studio-photos'}
        problem={problems.bucketName}
      />
      <Field
        label="Folder in it"
        value={draft.prefix}
        onChange={(prefix) => put({ prefix })}
        placeholder="All of it"
        problem={problems.prefix}
        hint="The prefix that the drive shows, such as photos/2026."
      />
      <div className="form-buttons">
        <SubmitButton pending={false}>Continue</SubmitButton>
      </div>
    </form>
  )
}
