import { useEffect, useState } from 'react'

import type { CommandAnswer } from '../../../src-main/shared/app/answers.ts'
import type { CommandInput } from '../../../src-main/shared/app/commands.ts'
import type { SerializedError } from '../../../src-main/shared/errors.ts'
import { useCommand } from '../../lib/use-command.ts'

type LookupName = 'lookup.file-systems' | 'lookup.ways-in' | 'lookup.stacks'

export interface Lookup<K extends LookupName> {
  readonly pending: boolean
  readonly failure: SerializedError | undefined
  /** For the question as it stands; never for an earlier one. */
  readonly answer: CommandAnswer<K> | undefined
  readonly again: () => void
}

/** Long enough for a word to be typed to its end before AWS is asked. */
const quietMs = 400

/** Asks AWS whenever the question is whole and has changed. What is typed never waits for it. */
export function useLookup<K extends LookupName>(name: K, query: CommandInput<K> | undefined): Lookup<K> {
  const { run, clear, pending, failure } = useCommand(name)
  const [answered, setAnswered] = useState<{ readonly key: string; readonly answer: CommandAnswer<K> }>()
  const [turn, setTurn] = useState(0)
  const key = query === undefined ? '' : JSON.stringify(query)

  useEffect(() => {
    clear()
    if (key === '') return
    const timer = setTimeout(() => {
      // The key is the question: it was made from one.
      void run(JSON.parse(key) as CommandInput<K>).then((result) => {
        if (result.ok) setAnswered({ key, answer: result.value })
      })
    }, quietMs)
    return () => clearTimeout(timer)
  }, [run, clear, key, turn])

  return {
    pending,
    failure,
    answer: answered?.key === key ? answered.answer : undefined,
    again: () => setTurn((count) => count + 1),
  }
}
