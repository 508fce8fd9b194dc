import type { Command } from 'commander'

import type { CommandContext } from '../command-context.ts'
import { examples } from '../output/examples.ts'
import { renderSignedOut } from '../output/render-sign-in.ts'

export function registerLogout(program: Command, context: CommandContext): void {
  program
    .command('logout')
    .description('end a sign-in to AWS, for all profiles that use it')
    .argument('[profile]', 'AWS profile; AWS_PROFILE, or the default one, when absent')
    .addHelpText('after', examples('mountbar logout', 'mountbar logout work'))
    .action(async (profile: string | undefined) => {
      const { services, terminal, interrupts } = context
      const aws = await services.aws()
      const { center, servedProfiles } = await aws.findSignIn(profile)
      const result = await aws.signIns.signOut(center, interrupts.signal)
      renderSignedOut(result, servedProfiles).forEach(terminal.print)
    })
}
