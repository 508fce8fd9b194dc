import type { ReactNode } from 'react'

import type { ErrorCode, SerializedError } from '../../../src-main/shared/errors.ts'
import { Button } from '../../components/button.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { useFix } from '../../lib/use-fix.ts'
import type { StackActions } from './use-stack.ts'

/** Those that a sign-in ends, and nothing that was typed. */
const signInCodes: readonly ErrorCode[] = ['sign-in-needed', 'sign-in-expired', 'session-expired']

interface StackFailedProps {
  readonly error: SerializedError
  readonly profile: string | undefined
  readonly actions: StackActions
}

/** The cause, and the ways out. */
export function StackFailed({ error, profile, actions }: StackFailedProps): ReactNode {
  const needsSignIn = profile !== undefined && signInCodes.includes(error.code)
  const signIn = useFix(needsSignIn ? { kind: 'sign-in', profile } : undefined)
  return (
    <>
      <FailureNote error={error}>
        {signIn !== undefined && (
          <Button pending={signIn.pending} onPress={signIn.run}>
            {signIn.label}
          </Button>
        )}
      </FailureNote>
      {actions.failure !== undefined && <FailureNote error={actions.failure} onDismiss={actions.clear} />}
      <div className="form-buttons">
        <Button pending={actions.dismiss.pending} onPress={actions.dismiss.run}>
          Put away
        </Button>
        <Button kind="primary" pending={actions.change.pending} onPress={actions.change.run}>
          Change and try again
        </Button>
      </div>
    </>
  )
}
