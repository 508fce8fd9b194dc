import type { ReactNode } from 'react'

import { windowMessageFor } from '../../src-main/shared/app/window-messages.ts'
import type { SerializedError } from '../../src-main/shared/errors.ts'
import { IconButton } from './button.tsx'
import { Icon } from './icon.tsx'
import { Prose } from './prose.tsx'

interface FailureNoteProps {
  readonly error: SerializedError
  /** The button that mends it. */
  readonly children?: ReactNode
  readonly tone?: 'error' | 'warning' | 'info'
  /** Given where it is the answer to a press, which may be put away. Such a one is also read out. */
  readonly onDismiss?: (() => void) | undefined
}

/** A failure in the catalogue's own words: what happened, what to do, and at most one button that does it. */
export function FailureNote({ error, children, tone = 'error', onDismiss }: FailureNoteProps): ReactNode {
  const { title, text, fix } = windowMessageFor(error)
  return (
    <div className={`note note-${tone}`} role={onDismiss === undefined ? undefined : 'alert'}>
      <Icon name={tone} className="note-icon" />
      <div className="note-body">
        <p className="note-title">{title}</p>
        <p className="note-text">
          <Prose text={text} />
        </p>
        {fix !== undefined && (
          <p className="note-fix">
            <Prose text={fix} />
          </p>
        )}
        {children}
      </div>
      {onDismiss !== undefined && <IconButton icon="cross" label="Dismiss" onPress={onDismiss} />}
    </div>
  )
}
