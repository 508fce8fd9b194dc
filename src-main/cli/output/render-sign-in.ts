import type { SignInState } from '../../core/sign-in-state.ts'
import type { SignOutResult } from '../../services/credentials/sso/sign-out.ts'
import { formatDuration } from '../../lib/format.ts'
import type { Terminal } from './terminal.ts'

/** What a person has to know or do in a state of a sign-in; nothing for those that pass by themselves. */
export function renderSignInState(state: SignInState, { bold }: Pick<Terminal, 'bold'>): string[] {
  switch (state.kind) {
    case 'awaiting-browser':
      return [
        'Approve the sign-in in your browser. If none has opened, open this address on this machine:',
        `  ${state.url}`,
        'Waiting … (Ctrl-C to give up)',
      ]
    case 'awaiting-device':
      return [
        `Open ${state.code.verificationUrl} in any browser and enter the code  ${bold(state.code.userCode)}`,
        'Or, with the code filled in:',
        `  ${state.code.completeUrl}`,
        `Waiting for ${formatDuration(state.code.validForMs)} at most … (Ctrl-C to give up)`,
      ]
    case 'registering':
    case 'asking':
    case 'exchanging':
    case 'signed-in':
    case 'failed':
      return []
  }
}

export function renderSignedIn(profiles: readonly string[]): string[] {
  return [`Signed in. It serves ${named(profiles)}.`]
}

export function renderSignedOut(result: SignOutResult, profiles: readonly string[]): string[] {
  switch (result.kind) {
    case 'was-signed-out':
      return ['Nobody was signed in.']
    case 'signed-out':
      return [`Signed out, for ${named(profiles)}.`]
    case 'not-told':
      return [
        `Signed out on this machine, for ${named(profiles)}.`,
        'AWS could not be told; there the sign-in ends by itself, in some hours at most.',
      ]
  }
}

function named(profiles: readonly string[]): string {
  const [only] = profiles
  return profiles.length === 1 && only !== undefined
    ? `the profile ${only}`
    : `the profiles ${profiles.join(', ')}`
}
