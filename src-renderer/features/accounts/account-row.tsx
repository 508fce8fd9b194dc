import { useId, type ReactNode } from 'react'

import type { AccountView } from '../../../src-main/shared/app/snapshot.ts'
import { Button } from '../../components/button.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { useCommand } from '../../lib/use-command.ts'
import { useSignIn } from '../../lib/use-sign-in.ts'
import { identityTextOf, isSignedIn, sessionTextOf } from './account-text.ts'
import { DeviceCode } from './device-code.tsx'

export function AccountRow({ account, nowMs }: { account: AccountView; nowMs: number }): ReactNode {
  const signIn = useSignIn()
  const signOut = useCommand('account.sign-out')
  const cancel = useCommand('account.cancel-sign-in')
  const nameId = useId()
  const { profile, kind, session, canSignIn } = account
  const { text, tone } = sessionTextOf(session, nowMs, canSignIn)
  const identity = identityTextOf(account)
  const isWaiting = session.kind === 'awaiting-approval'
  const failed = [signIn, signOut, cancel].find(({ failure }) => failure !== undefined)
  return (
    <li className="row row-tall account" aria-labelledby={nameId}>
      <div className="row-words">
        <div className="account-head">
          <h3 id={nameId} className="file-name">
            {profile}
          </h3>
          {isWaiting ? (
            <Button
              label={`Cancel signing in to ${profile}`}
              pending={cancel.pending}
              onPress={() => void cancel.run({ profile })}
            >
              Cancel
            </Button>
          ) : isSignedIn(session) && canSignIn ? (
            <Button
              label={`Sign out of ${profile}`}
              pending={signOut.pending}
              onPress={() => void signOut.run({ profile })}
            >
              Sign out
            </Button>
          ) : canSignIn ? (
            <Button
              kind="primary"
              label={`Sign in to ${profile}`}
              pending={signIn.pending}
              onPress={() => void signIn.run({ profile, method: 'browser' })}
            >
              Sign in
            </Button>
          ) : null}
        </div>
        <p className="file-place">{kind}</p>
        {identity !== '' && <p className="file-place selectable">{identity}</p>}
        <p className={`session tone-${tone}`}>{text}</p>
        {isWaiting && <DeviceCode code={session.userCode} url={session.url} />}
        {session.kind === 'failed' && <FailureNote error={session.error} />}
        {canSignIn && !isWaiting && !isSignedIn(session) && (
          <Button
            kind="link"
            label={`Sign in with a code instead, for ${profile}`}
            onPress={() => void signIn.run({ profile, method: 'device' })}
          >
            Sign in with a code instead
          </Button>
        )}
        {failed?.failure !== undefined && <FailureNote error={failed.failure} onDismiss={failed.clear} />}
      </div>
    </li>
  )
}
