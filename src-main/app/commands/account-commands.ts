import type { AccountBook } from '../accounts/account-book.ts'
import type { MfaPrompt } from '../accounts/mfa-prompt.ts'
import type { Lookup, Stacks } from '../parts.ts'
import type { HandlersOf } from './handlers.ts'

export interface AccountCommandParts {
  readonly accounts: AccountBook
  readonly prompt: MfaPrompt
  readonly lookup: Lookup
  readonly stacks: Stacks
  readonly ending: AbortSignal
}

/** Whoever waits for a list can type what they know meanwhile; AWS's clients try for longer than that is worth. */
const lookupLimitMs = 30_000

export function accountCommands({
  accounts,
  prompt,
  lookup,
  stacks,
  ending,
}: AccountCommandParts): HandlersOf<'account' | 'prompt' | 'lookup' | 'stack'> {
  const limited = (): AbortSignal => AbortSignal.any([ending, AbortSignal.timeout(lookupLimitMs)])
  return {
    'account.sign-in': async ({ profile, method }) => await accounts.signIn(profile, method),
    'account.cancel-sign-in': async ({ profile }) => await accounts.cancelSignIn(profile),
    'account.sign-out': async ({ profile }) => await accounts.signOut(profile, limited()),
    'prompt.answer': ({ id, value }) => prompt.answer(id, value),
    'lookup.file-systems': async ({ profile, region }) => {
      return await lookup.fileSystems(profile, region, limited())
    },
    'lookup.ways-in': async ({ profile, region, fileSystemId }) => {
      return await lookup.waysIn(profile, region, fileSystemId, limited())
    },
    'lookup.stacks': async ({ profile, region }) => await stacks.list(profile, region, limited()),
    'stack.plan': async ({ stack }) => await stacks.plan(stack),
    'stack.deploy': async ({ ref }) => await stacks.deploy(ref),
    'stack.cancel': async ({ ref }) => await stacks.cancel(ref),
    'stack.dismiss': ({ ref }) => stacks.dismiss(ref),
  }
}
