import { useState, type ReactNode } from 'react'

import { ChoiceList } from '../../components/choice-list.tsx'
import { Field } from '../../components/field.tsx'
import { accessPointChoices, serverChoices, serverOf, serverValue } from './choices.ts'
import { LookupNote } from './lookup-note.tsx'
import type { FileSystemFormState } from './use-file-system-form.ts'

/** By which address a file system is reached, through which access point, and where in it the drive begins. */
export function WayIn({ form }: { form: FileSystemFormState }): ReactNode {
  const { draft, problems, put, waysIn } = form
  const found = waysIn.answer
  return (
    <>
      <LookupNote {...waysIn} profile={draft.profile} looking="Looking for ways in…" onAgain={waysIn.again} />
      {found !== undefined && found.servers.length > 0 && (
        <ChoiceList
          legend="How to reach it"
          choices={serverChoices(found)}
          value={serverValue(draft.host, draft.port)}
          onChange={(value) => put(serverOf(value))}
        />
      )}
      <div className="field-pair">
        <Field
          label="Host"
          value={draft.host}
          onChange={(host) => put({ host: host.trim() })}
          placeholder="A host name or an address"
          problem={problems.host}
        />
        <Field
          label="Port"
          value={draft.port}
          onChange={(port) => put({ port: port.trim() })}
          problem={problems.port}
        />
      </div>
      <Part form={form} />
    </>
  )
}

/** Most drives are a whole file system: what narrows that down is out of the way. */
function Part({ form }: { form: FileSystemFormState }): ReactNode {
  const { draft, problems, put, waysIn } = form
  const [open, setOpen] = useState(false)
  const accessPoints = waysIn.answer?.accessPoints ?? []
  const isWrong = problems.accessPointId !== undefined || problems.remotePath !== undefined
  return (
    <details className="more" open={open || isWrong} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Only a part of it</summary>
      <div className="form">
        {waysIn.answer !== undefined && accessPoints.length > 0 && (
          <ChoiceList
            legend="Access point"
            choices={accessPointChoices(waysIn.answer)}
            value={draft.accessPointId}
            onChange={(accessPointId) => put({ accessPointId })}
          />
        )}
        <Field
          label="Access point id"
          value={draft.accessPointId}
          onChange={(accessPointId) => put({ accessPointId: accessPointId.trim() })}
          placeholder="None"
          problem={problems.accessPointId}
        />
        <Field
          label="Folder in it"
          value={draft.remotePath}
          onChange={(remotePath) => put({ remotePath })}
          problem={problems.remotePath}
        />
      </div>
    </details>
  )
}
