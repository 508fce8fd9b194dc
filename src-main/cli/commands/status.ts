import type { Command } from 'commander'

import type { CommandContext } from '../command-context.ts'
import { examples } from '../output/examples.ts'
import { driveToJson, renderStatus } from '../output/render-drives.ts'

interface StatusOptions {
  readonly json?: true
  readonly watch?: true
}

const watchIntervalMs = 1_000

export function registerStatus(program: Command, context: CommandContext): void {
  program
    .command('status')
    .description('show what is mounted and how it is doing')
    .option('--json', 'print JSON; with --watch one line each second')
    .option('--watch', 'keep showing it until Ctrl-C')
    .addHelpText('after', examples('mountbar status', 'mountbar status --watch', 'mountbar status --json'))
    .action(async (options: StatusOptions) => {
      await (options.watch ? watch(options, context) : show(options, context))
    })
}

async function show({ json }: StatusOptions, context: CommandContext): Promise<void> {
  const { services, terminal, homeDir } = context
  const drives = await services.drives.observeAll()
  if (json) terminal.printJson({ drives: drives.map(driveToJson) })
  else renderStatus(drives, homeDir, terminal).forEach(terminal.print)
}

/** On a terminal the table is drawn over itself; into a pipe it is printed again and again. */
async function watch(options: StatusOptions, context: CommandContext): Promise<void> {
  const { services, terminal, interrupts, homeDir } = context
  while (!interrupts.signal.aborted) {
    if (options.json || !terminal.isInteractive) await show(options, context)
    else terminal.draw(renderStatus(await services.drives.observeAll(), homeDir, terminal))
    await services.clock.sleep(watchIntervalMs, interrupts.signal).catch(() => undefined)
  }
}
