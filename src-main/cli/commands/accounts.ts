import type { Command } from 'commander'

import type { CommandContext } from '../command-context.ts'
import { examples } from '../output/examples.ts'
import { accountsToJson, renderAccounts } from '../output/render-accounts.ts'

export function registerAccounts(program: Command, context: CommandContext): void {
  program
    .command('accounts')
    .description('list the AWS profiles of this machine and whether they are signed in')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('mountbar accounts', 'mountbar accounts --json'))
    .action(async ({ json }: { json?: true }) => {
      const { services, terminal } = context
      const aws = await services.aws()
      const list = await aws.profiles.list()
      const nowMs = services.clock.now()
      if (json) terminal.printJson(accountsToJson(list, nowMs))
      else renderAccounts(list, nowMs, terminal).forEach(terminal.print)
    })
}
