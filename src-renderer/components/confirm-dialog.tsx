import type { ReactNode } from 'react'

import type { SerializedError } from '../../src-main/shared/errors.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { FailureNote } from './failure-note.tsx'

interface ConfirmDialogProps {
  readonly title: string
  readonly text: string
  /** What the button does, as a verb. */
  readonly action: string
  /** What the button that changes nothing says. */
  readonly dismissal?: string
  readonly pending: boolean
  readonly failure: SerializedError | undefined
  readonly onConfirm: () => void
  readonly onCancel: () => void
}

/** Before something that cannot be taken back. The way out has the focus. */
export function ConfirmDialog(props: ConfirmDialogProps): ReactNode {
  return (
    <Dialog title={props.title} onCancel={props.onCancel}>
      <p className="dialog-text">{props.text}</p>
      {props.failure !== undefined && <FailureNote error={props.failure} />}
      <div className="dialog-buttons">
        <Button onPress={props.onCancel}>{props.dismissal ?? 'Cancel'}</Button>
        <Button kind="danger" pending={props.pending} onPress={props.onConfirm}>
          {props.action}
        </Button>
      </div>
    </Dialog>
  )
}
