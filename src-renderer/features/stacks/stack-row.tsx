import { memo, useId, type ReactNode } from 'react'

import type { StackProgress } from '../../../src-main/shared/app/stacks.ts'
import { windowMessageFor } from '../../../src-main/shared/app/window-messages.ts'
import { Button, IconButton } from '../../components/button.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { ProgressBar } from '../../components/progress-bar.tsx'
import { useCommand } from '../../lib/use-command.ts'
import { useUiStore } from '../../stores/ui-store.ts'
import { DriveMark } from '../drives/drive-mark.tsx'
import { stackPlaceOf, stackStateTextOf } from './stack-text.ts'

const words: Readonly<Record<StackProgress['state']['kind'], string>> = {
  planning: 'Show',
  planned: 'Look at it',
  deploying: 'Show',
  cancelling: 'Show',
  deployed: 'Mount…',
  failed: 'Show',
}

/** A stack on its way, among the drives it will be one of. */
export const StackRow = memo(function StackRow({ stack }: { stack: StackProgress }): ReactNode {
  const { ref, state } = stack
  const nameId = useId()
  const addDrive = useUiStore((store) => store.addDrive)
  const dismiss = useCommand('stack.dismiss')
  const { text, tone } = stackStateTextOf(state)
  const cause = state.kind === 'failed' ? `: ${windowMessageFor(state.error).title}` : ''
  const isOver = state.kind === 'deployed' || state.kind === 'failed'
  const word = words[state.kind]
  return (
    <li className="drive" aria-labelledby={nameId}>
      <div className="drive-head">
        <DriveMark kind="stack" tone={tone} />
        <div className="drive-words">
          <div className="drive-top">
            <h2 id={nameId} className="drive-name" title={ref.name}>
              {ref.name}
            </h2>
            <div className="drive-actions">
              <Button label={`${word} ${ref.name}`} onPress={() => addDrive({ kind: 'stack', ref })}>
                {word}
              </Button>
              {isOver && (
                <IconButton
                  icon="cross"
                  label={`Put away ${ref.name}`}
                  pending={dismiss.pending}
                  onPress={() => void dismiss.run({ ref })}
                />
              )}
            </div>
          </div>
          <p className="drive-source">Stack · {stackPlaceOf(ref)}</p>
          <div className={`drive-status tone-${tone}`}>
            <p>
              {text}
              {cause}
            </p>
            {state.kind === 'deploying' && (
              <ProgressBar label={`Deploying ${ref.name}`} done={state.fraction} />
            )}
          </div>
        </div>
      </div>
      {dismiss.failure !== undefined && <FailureNote error={dismiss.failure} onDismiss={dismiss.clear} />}
    </li>
  )
})
