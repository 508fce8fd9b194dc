import { useState, type SyntheticEvent } from 'react'

import { awsPatterns } from '../../../src-main/shared/aws-patterns.ts'
import { useCommand, type Command } from '../../lib/use-command.ts'
import { useIsHere } from '../../lib/use-is-here.ts'
import { useUiStore } from '../../stores/ui-store.ts'
import { driveNameOf, driveOfStack, type StackFileSystem } from './stack-choices.ts'
import { useLookup, type Lookup } from './use-lookup.ts'

export interface FromStackDraft {
  /** Empty for the default credentials. */
  readonly profile: string
  readonly region: string
  /** The name of the chosen one. */
  readonly stack: string
  /** Empty until somebody types one: then the suggestion counts. */
  readonly name: string
}

type Problems = Partial<Record<keyof FromStackDraft, string>>

export interface FromStackFormState {
  readonly draft: FromStackDraft
  readonly problems: Problems
  readonly stacks: Lookup<'lookup.stacks'>
  readonly suggestedName: string
  readonly mount: boolean
  readonly add: Command<'drive.add-file-system'>
  readonly put: (part: Partial<FromStackDraft>) => void
  readonly setMount: (mount: boolean) => void
  readonly submit: (event: SyntheticEvent) => void
}

export function useFromStackForm(): FromStackFormState {
  const show = useUiStore((state) => state.show)
  const isHere = useIsHere()
  const [draft, setDraft] = useState<FromStackDraft>({ profile: '', region: '', stack: '', name: '' })
  const [problems, setProblems] = useState<Problems>({})
  const [mount, setMount] = useState(true)
  const add = useCommand('drive.add-file-system')
  const where = { profile: draft.profile === '' ? undefined : draft.profile, region: draft.region }
  const stacks = useLookup('lookup.stacks', awsPatterns.region.test(draft.region) ? where : undefined)
  // One that was chosen in another region is not chosen in this one.
  const fileSystem = stacks.answer?.find(({ name }) => name === draft.stack)?.fileSystem
  const suggestedName = fileSystem === undefined ? 'S3 Files' : driveNameOf(fileSystem)

  const send = async (): Promise<void> => {
    const found = problemsOf(draft, fileSystem)
    setProblems(found)
    if (fileSystem === undefined || Object.keys(found).length > 0 || add.pending) return
    const name = draft.name.trim() === '' ? suggestedName : draft.name.trim()
    const answer = await add.run({ fileSystem: driveOfStack(where, fileSystem, name), mount })
    if (answer.ok && isHere()) show('drives')
  }
  return {
    draft,
    problems,
    stacks,
    suggestedName,
    mount,
    add,
    put: (part) => {
      setDraft((old) => ({ ...old, ...part }))
      setProblems((old) => Object.fromEntries(Object.entries(old).filter(([key]) => !(key in part))))
    },
    setMount,
    submit: (event) => {
      event.preventDefault()
      void send()
    },
  }
}

function problemsOf(
  { profile, region, name }: FromStackDraft,
  fileSystem: StackFileSystem | undefined,
): Problems {
  return {
    ...(profile.length > 256 ? { profile: 'No profile has a name as long as that.' } : {}),
    ...(awsPatterns.region.test(region) ? {} : { region: 'Give a region, such as eu-central-1.' }),
    ...(fileSystem === undefined ? { stack: 'Choose a stack.' } : {}),
    ...(name.trim().length > 200 ? { name: 'That is too long for a name.' } : {}),
  }
}
