import { useState, type ReactNode } from 'react'

import type { StackProgressState } from '../../../src-main/shared/app/stacks.ts'
import { Button } from '../../components/button.tsx'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { ProgressBar } from '../../components/progress-bar.tsx'
import type { StackActions } from './use-stack.ts'

interface StackDeployingProps {
  readonly name: string
  readonly state: Extract<StackProgressState, { kind: 'deploying' }>
  readonly actions: StackActions
}

export function StackDeploying({ name, state, actions }: StackDeployingProps): ReactNode {
  const [stopAsked, setStopAsked] = useState(false)
  return (
    <>
      <div className="stack-progress">
        <p className="stack-step">
          <span>{state.step}</span>
          <span className="stack-percent">{Math.floor(state.fraction * 100)} %</span>
        </p>
        <ProgressBar label={`Deploying ${name}`} done={state.fraction} />
        <p className="field-hint">
          AWS needs several minutes. It goes on when this window is closed; the list of drives shows how far
          it is.
        </p>
      </div>
      <div className="form-buttons">
        <Button onPress={() => setStopAsked(true)}>Cancel…</Button>
      </div>
      {stopAsked && (
        <ConfirmDialog
          title={`Stop deploying “${name}”?`}
          text="AWS takes back what was made so far. That takes a few minutes, too."
          action="Stop"
          dismissal="Go on"
          pending={actions.stop.pending}
          failure={actions.failure}
          onConfirm={actions.stop.run}
          onCancel={() => {
            setStopAsked(false)
            actions.clear()
          }}
        />
      )}
    </>
  )
}
