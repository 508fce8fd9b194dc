import type { ReactNode } from 'react'

import { Button } from '../../components/button.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { Spinner } from '../../components/spinner.tsx'
import type { StackActions } from './use-stack.ts'

/** While nobody knows how long. A plan that is being made can be given up; what is taken back cannot. */
export function StackWait({ text, actions }: { text: string; actions: StackActions | undefined }): ReactNode {
  return (
    <div className="stack-wait">
      <p className="lookup-wait" role="status">
        <Spinner /> {text}
      </p>
      {actions?.failure !== undefined && <FailureNote error={actions.failure} onDismiss={actions.clear} />}
      {actions !== undefined && (
        <div className="form-buttons">
          <Button pending={actions.goBack.pending} onPress={actions.goBack.run}>
            Cancel
          </Button>
        </div>
      )}
    </div>
  )
}
