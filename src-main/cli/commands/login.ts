import type { Command } from 'commander'

import type { SignInState } from '../../core/sign-in-state.ts'
import type { CommandContext } from '../command-context.ts'
import { examples } from '../output/examples.ts'
import { renderSignedIn, renderSignInState } from '../output/render-sign-in.ts'

export function registerLogin(program: Command, context: CommandContext): void {
  program
    .command('login')
    .description('sign in to AWS IAM Identity Center, for all profiles that use the same one')
    .argument('[profile]', 'AWS profile; AWS_PROFILE, or the default one, when absent')
    .option('--device', 'show a code to enter in a browser anywhere, instead of opening one here')
    .addHelpText('after', examples('mountbar login', 'mountbar login work', 'mountbar login work --device'))
    .action(async (profile: string | undefined, { device }: { device?: true }) => {
      const { services, terminal, interrupts } = context
      const aws = await services.aws()
      const { center, servedProfiles } = await aws.findSignIn(profile)
      let shown: SignInState['kind'] | undefined
      const onState = (state: SignInState): void => {
        // Each look at a device code is a state of its own, and says nothing new.
        if (state.kind !== shown) renderSignInState(state, terminal).forEach(terminal.print)
        shown = state.kind
      }
      const method = device ? 'device' : 'browser'
      await aws.signIns.signIn(center, { method, onState }, interrupts.signal)
      renderSignedIn(servedProfiles).forEach(terminal.print)
    })
}
