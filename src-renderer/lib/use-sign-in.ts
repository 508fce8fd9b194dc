import { useCommand, type Command } from './use-command.ts'

/** Signing in. One that was given up is no failure: whoever did that knows. */
export function useSignIn(): Command<'account.sign-in'> {
  const signIn = useCommand('account.sign-in')
  return signIn.failure?.code === 'cancelled' ? { ...signIn, failure: undefined } : signIn
}
