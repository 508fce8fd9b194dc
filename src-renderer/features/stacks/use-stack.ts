import type { StackProgress, StackRef } from '../../../src-main/shared/app/stacks.ts'
import type { SerializedError } from '../../../src-main/shared/errors.ts'
import { useCommand } from '../../lib/use-command.ts'
import { useNewStackStore } from '../../stores/new-stack-store.ts'
import { useUiStore } from '../../stores/ui-store.ts'

interface Pressed {
  readonly pending: boolean
  readonly run: () => void
}

export interface StackActions {
  readonly deploy: Pressed
  /** Has AWS take back what was made; only of a deployment that is under way. */
  readonly stop: Pressed
  /** Drops the plan, and leads back to what was typed. */
  readonly goBack: Pressed
  /** The form again, with what was typed; what failed leaves the list. */
  readonly change: Pressed
  readonly dismiss: Pressed
  /** Of whichever was pressed last. */
  readonly failure: SerializedError | undefined
  readonly clear: () => void
}

/** What can be done with one stack. */
export function useStack({
  reference: ref,
  stack,
}: {
  readonly reference: StackRef
  readonly stack: StackProgress | undefined
}): StackActions {
  const deploy = useCommand('stack.deploy')
  const cancel = useCommand('stack.cancel')
  const dismiss = useCommand('stack.dismiss')
  const { addDrive, show } = useUiStore.getState()
  const wayIn = stack?.wayIn ?? useNewStackStore.getState().draft.wayIn
  const openForm = (): void => {
    useNewStackStore.getState().resume(ref, wayIn)
    addDrive({ kind: 'new-stack' })
  }
  const isOver = stack === undefined || stack.state.kind === 'planning' || stack.state.kind === 'planned'
  const commands = [deploy, cancel, dismiss]
  return {
    deploy: { pending: deploy.pending, run: () => void deploy.run({ ref }) },
    stop: { pending: cancel.pending && !isOver, run: () => void cancel.run({ ref }) },
    goBack: {
      pending: cancel.pending,
      run: () =>
        void cancel.run({ ref }).then((answer) => {
          if (answer.ok) openForm()
        }),
    },
    change: {
      pending: dismiss.pending,
      run: () =>
        void dismiss.run({ ref }).then((answer) => {
          if (answer.ok) openForm()
        }),
    },
    dismiss: {
      pending: dismiss.pending,
      run: () =>
        void dismiss.run({ ref }).then((answer) => {
          if (answer.ok) show('drives')
        }),
    },
    failure: commands.find(({ failure }) => failure !== undefined)?.failure,
    clear: () => {
      for (const command of commands) if (!command.pending) command.clear()
    },
  }
}
