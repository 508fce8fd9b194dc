import type { PersonNeed, Profile, ProfileKind } from '../../services/credentials/profiles/preflight.ts'
import type { ProfileList } from '../../services/credentials/profiles/profiles.ts'
import { messageFor } from '../../shared/messages.ts'
import { formatDuration } from '../../lib/format.ts'
import { renderTable } from './table.ts'
import type { Terminal } from './terminal.ts'

type Colours = Pick<Terminal, 'bold' | 'dim' | 'green' | 'yellow' | 'red'>

/** As far as files tell. `unknown`: another program, or keys that do not say when they end. */
type AccountState = 'valid' | 'expiring' | 'expired' | 'signed-out' | 'mfa-needed' | 'unknown' | 'failed'

/** A person is told that far ahead. */
const expiringBelowMs = 15 * 60_000

const kinds: Readonly<Record<ProfileKind, string>> = {
  'sso-session': 'Identity Center',
  'sso-legacy': 'Identity Center, old form',
  'assume-role': 'role',
  'web-identity': 'web identity',
  static: 'keys',
  temporary: 'temporary keys',
  process: 'program',
  login: 'aws login',
  environment: 'environment',
  container: 'container',
  instance: 'instance',
}

/** The profiles as a table, and below it what is wrong with some of them. */
export function renderAccounts(
  { profiles, problems }: ProfileList,
  nowMs: number,
  colours: Colours,
): string[] {
  const { bold, dim, red } = colours
  if (profiles.length === 0 && problems.length === 0) {
    return ['No AWS profiles yet. `aws configure sso` makes one, or write it into ~/.aws/config.']
  }
  const rows = profiles.map((profile) => [
    bold(profile.name),
    ...('problem' in profile
      ? [dim('–'), dim('–'), dim('–')]
      : [profile.accountId ?? dim('–'), profile.roleName ?? dim('–'), kinds[profile.kind]]),
    renderState(profile, nowMs, colours),
    expiryOf(profile, nowMs),
  ])
  const broken = profiles.flatMap((profile) => ('problem' in profile ? [profile.problem] : []))
  const advice = [...broken, ...problems].flatMap((problem) => {
    const { title, text, fix } = messageFor(problem)
    return ['', red(title), `  ${text}`, ...(fix === undefined ? [] : [`  → ${fix}`])]
  })
  const header = ['PROFILE', 'ACCOUNT', 'ROLE', 'KIND', 'STATE', 'EXPIRES IN'].map(dim)
  return [...(rows.length === 0 ? [] : renderTable([header, ...rows])), ...advice]
}

export function accountsToJson({ profiles, problems }: ProfileList, nowMs: number) {
  return {
    accounts: profiles.map((profile) => {
      const { name } = profile
      const state = stateOf(profile, nowMs)
      if ('problem' in profile)
        return { profile: name, state, error: { ...profile.problem, ...messageFor(profile.problem) } }
      const { accountId, roleName, kind, region, need } = profile
      return {
        profile: name,
        kind,
        state,
        ...(accountId !== undefined && { accountId }),
        ...(roleName !== undefined && { roleName }),
        ...(region !== undefined && { region }),
        ...(need.when === 'at' && { expiresAt: new Date(need.atMs).toISOString() }),
      }
    }),
    problems: problems.map((problem) => ({ ...problem, ...messageFor(problem) })),
  }
}

function stateOf(profile: Profile, nowMs: number): AccountState {
  return 'problem' in profile ? 'failed' : stateByNeed(profile.need, nowMs)
}

function stateByNeed(need: PersonNeed, nowMs: number): AccountState {
  switch (need.when) {
    case 'never':
      return 'valid'
    case 'at':
      return need.atMs - nowMs < expiringBelowMs ? 'expiring' : 'valid'
    case 'unknown':
      return 'unknown'
    case 'now':
      if (need.why === 'mfa') return 'mfa-needed'
      return need.why === 'sign-in-missing' ? 'signed-out' : 'expired'
  }
}

function renderState(profile: Profile, nowMs: number, { dim, green, yellow, red }: Colours): string {
  const state = stateOf(profile, nowMs)
  switch (state) {
    case 'valid':
      return green('good')
    case 'expiring':
      return yellow('ends soon')
    case 'expired':
      return yellow('sign in again')
    case 'signed-out':
      return yellow('not signed in')
    case 'mfa-needed':
      return yellow('asks for a code')
    case 'unknown':
      return dim('not known')
    case 'failed':
      return red('broken')
  }
}

function expiryOf(profile: Profile, nowMs: number): string {
  if ('problem' in profile) return ''
  const { need, kind } = profile
  if (need.when === 'at') return formatDuration(Math.max(0, need.atMs - nowMs))
  return need.when === 'never' && kind !== 'static' ? 'renews by itself' : ''
}
