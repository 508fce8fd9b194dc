import type { Command } from 'commander'

import type { CommandContext } from '../command-context.ts'
import { examples } from '../output/examples.ts'
import { formatPath } from '../output/format.ts'

export function registerForget(program: Command, context: CommandContext): void {
  program
    .command('forget')
    .description('take a drive off the list; its files stay where they are')
    .argument('<drive>', 'name or id of a drive that is not mounted')
    .addHelpText('after', examples('mountbar forget Documents'))
    .action(async (text: string) => {
      const { services, terminal, homeDir } = context
      const drive = await services.drives.registry.find(text)
      await services.drives.forget(drive)
      terminal.print(
        `${drive.name} is off the list. Its files stay in ${formatPath(drive.sourceDir, homeDir)}`,
      )
    })
}
