import type { ReactNode } from 'react'

import { ProgressBar } from '../../components/progress-bar.tsx'
import type { StateText } from './drive-text.ts'

export function DriveStatus({ name, state }: { name: string; state: StateText }): ReactNode {
  const { text, tone, progress } = state
  return (
    <div className={`drive-status tone-${tone}`}>
      <p>
        {text}
        {progress !== undefined && (
          <span className="drive-step">
            {' '}
            · {progress.step} of {progress.of}
          </span>
        )}
      </p>
      {progress !== undefined && (
        <ProgressBar label={`Mounting ${name}`} done={(progress.step - 0.5) / progress.of} />
      )}
    </div>
  )
}
