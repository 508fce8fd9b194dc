import type { Command } from 'commander'

import type { CommandContext } from '../command-context.ts'
import { examples } from '../output/examples.ts'
import { driveToJson, renderDriveList } from '../output/render-drives.ts'

export function registerDrives(program: Command, context: CommandContext): void {
  program
    .command('drives')
    .description('list all drives, mounted or not')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('mountbar drives', 'mountbar drives --json'))
    .action(async ({ json }: { json?: true }) => {
      const { services, terminal, homeDir } = context
      const drives = await services.drives.observeAll()
      if (json) terminal.printJson({ drives: drives.map(driveToJson) })
      else renderDriveList(drives, homeDir, terminal).forEach(terminal.print)
    })
}
