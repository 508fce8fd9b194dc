import type { Command } from 'commander'

import type { CommandContext } from '../command-context.ts'
import { examples } from '../output/examples.ts'

export function registerReveal(program: Command, context: CommandContext): void {
  program
    .command('reveal')
    .description('show a mounted drive in Finder')
    .argument('<drive>', 'name or id of a drive')
    .addHelpText('after', examples('mountbar reveal Documents'))
    .action(async (text: string) => {
      const { drives } = context.services
      await drives.reveal(await drives.registry.find(text))
    })
}
