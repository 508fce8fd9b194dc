import type { ReactNode } from 'react'

import { SubmitButton } from '../../components/button.tsx'
import { ChoiceList } from '../../components/choice-list.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { Field } from '../../components/field.tsx'
import { Switch } from '../../components/switch.tsx'
import { fileSystemChoices } from './choices.ts'
import { LookupNote } from './lookup-note.tsx'
import { useFileSystemForm } from './use-file-system-form.ts'
import { WayIn } from './way-in.tsx'
import { WhereFields } from './where-fields.tsx'

/** An S3 Files file system that exists. Lists come from AWS; everything can be typed as well. */
export function FileSystemForm(): ReactNode {
  const form = useFileSystemForm()
  const { draft, problems, put, fileSystems } = form
  const found = fileSystems.answer
  return (
    <form className="form" onSubmit={form.submit} noValidate aria-label="S3 Files file system">
      <WhereFields profile={draft.profile} region={draft.region} problems={problems} onChange={put} />
      <LookupNote
        {...fileSystems}
        profile={draft.profile}
        looking="Looking for file systems…"
        onAgain={fileSystems.again}
      />
      {found !== undefined && found.length > 0 && (
        <ChoiceList
          legend="File systems"
          choices={fileSystemChoices(found)}
          value={draft.fileSystemId}
          onChange={(fileSystemId) => put({ fileSystemId })}
        />
      )}
      <Field
        label="File system id"
        value={draft.fileSystemId}
        onChange={(fileSystemId) => put({ fileSystemId: fileSystemId.trim() })}
        placeholder="fs-"
        problem={problems.fileSystemId}
        hint={found?.length === 0 ? 'This profile sees no file systems in this region.' : undefined}
      />
      <WayIn form={form} />
      <Field
        label="Name"
        value={draft.name}
        onChange={(name) => put({ name })}
        placeholder={form.suggestedName}
        problem={problems.name}
        hint="In the list and in the Finder."
      />
      <Switch label="Mount now" checked={form.mount} onChange={form.setMount} />
      {form.add.failure !== undefined && <FailureNote error={form.add.failure} onDismiss={form.add.clear} />}
      <div className="form-buttons">
        <SubmitButton pending={form.add.pending}>Add drive</SubmitButton>
      </div>
    </form>
  )
}
