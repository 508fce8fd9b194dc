import type { SignInState } from '../../core/sign-in-state.ts'
import type { PersonNeed, Profile, ProfileKind } from '../../services/credentials/profiles/preflight.ts'
import type { AccountView, SessionStateView } from '../../shared/app/snapshot.ts'

/** A person is told that far ahead. */
export const expiringBelowMs = 15 * 60_000

const kinds: Readonly<Record<ProfileKind, string>> = {
  'sso-session': 'IAM Identity Center',
  'sso-legacy': 'IAM Identity Center, old form',
  'assume-role': 'Assumes a role',
  'web-identity': 'Web identity',
  static: 'Access key',
  temporary: 'Temporary keys',
  process: 'Credentials of another program',
  login: 'Signed in by aws login',
  environment: 'Environment',
  container: 'Container',
  instance: 'Instance',
}

/** A profile as windows show it. `signIn` is one that is under way for it. */
export function accountViewOf(
  profile: Profile,
  canSignIn: boolean,
  signIn: SignInState | undefined,
  nowMs: number,
): AccountView {
  const waiting = signIn === undefined ? undefined : awaitingView(signIn)
  if ('problem' in profile) {
    return {
      profile: profile.name,
      accountId: undefined,
      role: undefined,
      region: undefined,
      kind: 'Not usable',
      canSignIn,
      session: waiting ?? { kind: 'failed', error: profile.problem },
    }
  }
  const { name, accountId, roleName, region, kind, need } = profile
  return {
    profile: name,
    accountId,
    role: roleName,
    region,
    kind: need.when === 'now' && need.why === 'mfa' ? `${kinds[kind]}, asks for a code` : kinds[kind],
    canSignIn,
    session: waiting ?? sessionViewOf(need, nowMs),
  }
}

/** What the files tell of a session, without asking AWS. */
export function sessionViewOf(need: PersonNeed, nowMs: number): SessionStateView {
  switch (need.when) {
    case 'never':
    case 'unknown':
      return { kind: 'valid', expiresAtMs: undefined }
    case 'at': {
      const expiresAtMs = need.atMs
      if (nowMs >= expiresAtMs) return { kind: 'expired' }
      return { kind: expiresAtMs - nowMs <= expiringBelowMs ? 'expiring' : 'valid', expiresAtMs }
    }
    case 'now':
      if (need.why === 'sign-in-expired') return { kind: 'expired' }
      // The code is asked for while a drive is being mounted.
      return need.why === 'mfa' ? { kind: 'valid', expiresAtMs: undefined } : { kind: 'signed-out' }
  }
}

function awaitingView(state: SignInState): SessionStateView | undefined {
  switch (state.kind) {
    case 'signed-in':
    case 'failed':
      return undefined
    case 'awaiting-device':
      return {
        kind: 'awaiting-approval',
        userCode: state.code.userCode,
        url: state.code.verificationUrl,
      }
    case 'awaiting-browser':
      return { kind: 'awaiting-approval', userCode: undefined, url: state.url }
    case 'registering':
    case 'asking':
    case 'exchanging':
      return { kind: 'awaiting-approval', userCode: undefined, url: undefined }
  }
}
