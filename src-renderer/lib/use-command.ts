import { useCallback, useRef, useState } from 'react'

import type { CommandAnswer, Result } from '../../src-main/shared/app/answers.ts'
import type { CommandInput, CommandName } from '../../src-main/shared/app/commands.ts'
import type { SerializedError } from '../../src-main/shared/errors.ts'
import { send } from './send.ts'

export interface Command<K extends CommandName> {
  /** While main has not answered. */
  readonly pending: boolean
  /** Of the last time it was asked. */
  readonly failure: SerializedError | undefined
  readonly run: (input: CommandInput<K>) => Promise<Result<CommandAnswer<K>>>
  /** Forgets the failure, and an answer that is still to come. */
  readonly clear: () => void
}

/** One command of main with what a button needs to show. Asked again before it was answered, only the last answer counts. */
export function useCommand<K extends CommandName>(name: K): Command<K> {
  const [state, setState] = useState<{ pending: boolean; failure: SerializedError | undefined }>(idle)
  const turn = useRef(0)

  const run = useCallback(
    async (input: CommandInput<K>) => {
      const mine = ++turn.current
      setState({ pending: true, failure: undefined })
      const answer = await send(name, input)
      if (mine === turn.current) setState({ pending: false, failure: answer.ok ? undefined : answer.error })
      return answer
    },
    [name],
  )
  const clear = useCallback(() => {
    turn.current++
    setState(idle)
  }, [])
  return { ...state, run, clear }
}

const idle = { pending: false, failure: undefined }
