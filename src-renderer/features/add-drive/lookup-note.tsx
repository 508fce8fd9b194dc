import type { ReactNode } from 'react'

import type { SerializedError } from '../../../src-main/shared/errors.ts'
import { Button } from '../../components/button.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { Spinner } from '../../components/spinner.tsx'
import { useFix } from '../../lib/use-fix.ts'

interface LookupNoteProps {
  readonly pending: boolean
  readonly failure: SerializedError | undefined
  readonly profile: string
  /** Said while AWS is asked. */
  readonly looking: string
  readonly onAgain: () => void
}

/** How a lookup is going. One that failed keeps nobody from typing what it would have found. */
export function LookupNote({ pending, failure, profile, looking, onAgain }: LookupNoteProps): ReactNode {
  const needsSignIn = failure?.code === 'sign-in-needed' || failure?.code === 'sign-in-expired'
  const signIn = useFix(needsSignIn && profile !== '' ? { kind: 'sign-in', profile } : undefined)
  if (pending) {
    return (
      <p className="lookup-wait" role="status">
        <Spinner /> {looking}
      </p>
    )
  }
  if (failure === undefined) return null
  return (
    <FailureNote error={failure} tone="warning">
      <div className="row-buttons">
        {signIn !== undefined && (
          <Button kind="primary" pending={signIn.pending} onPress={signIn.run}>
            {signIn.label}
          </Button>
        )}
        <Button onPress={onAgain}>Look again</Button>
      </div>
    </FailureNote>
  )
}
