import { useState, type SyntheticEvent } from 'react'

import type { FileSystemChoice } from '../../../src-main/shared/app/answers.ts'
import { useCommand, type Command } from '../../lib/use-command.ts'
import { useIsHere } from '../../lib/use-is-here.ts'
import { useUiStore } from '../../stores/ui-store.ts'
import {
  emptyDraft,
  fileSystemOf,
  fileSystemsQuery,
  problemsOf,
  waysInQuery,
  type FileSystemDraft,
  type FileSystemProblems,
} from './file-system-draft.ts'
import { suggestedNameOf } from './choices.ts'
import { useLookup, type Lookup } from './use-lookup.ts'

export interface FileSystemFormState {
  readonly draft: FileSystemDraft
  readonly problems: FileSystemProblems
  readonly fileSystems: Lookup<'lookup.file-systems'>
  readonly waysIn: Lookup<'lookup.ways-in'>
  readonly suggestedName: string
  readonly mount: boolean
  readonly add: Command<'drive.add-file-system'>
  readonly put: (part: Partial<FileSystemDraft>) => void
  readonly setMount: (mount: boolean) => void
  readonly submit: (event: SyntheticEvent) => void
}

export function useFileSystemForm(): FileSystemFormState {
  const show = useUiStore((state) => state.show)
  const isHere = useIsHere()
  const [draft, setDraft] = useState<FileSystemDraft>(emptyDraft)
  const [problems, setProblems] = useState<FileSystemProblems>({})
  const [mount, setMount] = useState(true)
  const add = useCommand('drive.add-file-system')
  const fileSystems = useLookup('lookup.file-systems', fileSystemsQuery(draft))
  const waysIn = useLookup('lookup.ways-in', waysInQuery(draft))
  const suggestedName = suggestedNameOf(chosenFrom(fileSystems.answer, draft), draft.fileSystemId)
  const put = (part: Partial<FileSystemDraft>): void => {
    setDraft((old) => ({ ...old, ...part }))
    // What is being changed is no longer wrong in the way it was.
    setProblems((old) => Object.fromEntries(Object.entries(old).filter(([key]) => !(key in part))))
  }
  const send = async (): Promise<void> => {
    const found = problemsOf(draft)
    setProblems(found)
    if (Object.keys(found).length > 0 || add.pending) return
    const fileSystem = fileSystemOf(draft, suggestedName, waysIn.answer)
    const answer = await add.run({ fileSystem, mount })
    if (answer.ok && isHere()) show('drives')
  }
  return {
    draft,
    problems,
    fileSystems,
    waysIn,
    suggestedName,
    mount,
    add,
    put,
    setMount,
    submit: (event) => {
      event.preventDefault()
      void send()
    },
  }
}

function chosenFrom(
  choices: readonly FileSystemChoice[] | undefined,
  { fileSystemId }: FileSystemDraft,
): FileSystemChoice | undefined {
  return choices?.find((choice) => choice.fileSystemId === fileSystemId)
}
