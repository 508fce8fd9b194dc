import type { Command } from 'commander'

import { AppError, isAppError } from '../../shared/errors.ts'
import { messageFor } from '../../shared/messages.ts'
import type { CommandContext } from '../command-context.ts'
import { prepareDemoDrive } from '../demo/demo-drive.ts'
import type { DemoPlace } from '../demo/demo-drive.ts'
import { runDemoLive } from '../demo/demo-live.ts'
import { runDemoOnce } from '../demo/demo-once.ts'
import { examples } from '../output/examples.ts'
import { formatMs } from '../../lib/format.ts'

interface DemoOptions extends DemoPlace {
  readonly once?: true
  readonly json?: true
}

export function registerDemo(program: Command, context: CommandContext): void {
  program
    .command('demo')
    .description('mount the Sandbox, a folder with a few files to play with, until Ctrl-C')
    .option('--dir <dir>', 'the folder to show; what is in it is never overwritten')
    .option('--at <dir>', 'mount point: an empty folder, or one that does not exist yet')
    .option('--once', 'try everything a volume must do, unmount and print a JSON report as the last line')
    .option('--json', 'with --once: print nothing but the report')
    .addHelpText(
      'after',
      examples('mountbar demo', 'mountbar demo --dir ~/Sandbox', 'mountbar demo --once --json'),
    )
    .action(async (options: DemoOptions) => demo(options, context))
}

async function demo(options: DemoOptions, context: CommandContext): Promise<void> {
  const { services, terminal } = context
  if (options.json && !options.once) throw new AppError('usage', { reason: 'demo --json needs --once' })
  const isQuiet = options.json === true
  const say = isQuiet ? () => undefined : terminal.print

  const drive = await prepareDemoDrive(options, context)
  const obstacle = await services.drives.obstacleToMounting()
  if (isAppError(obstacle)) {
    const { text, fix } = messageFor(obstacle)
    say(terminal.yellow(`${text} The Sandbox is served by WebDAV instead.`))
    if (fix !== undefined) say(`  → ${fix}`)
  }
  const withVolume = obstacle === undefined
  if (!options.once) {
    await runDemoLive(drive, withVolume, context)
    return
  }
  const report = await runDemoOnce(drive, withVolume, context, ({ name, ok, ms, detail }) => {
    const mark = ok ? terminal.green('✓') : terminal.red('✗')
    say(
      `${mark} ${name} ${terminal.dim(formatMs(ms))}${detail === undefined ? '' : ` ${terminal.dim(detail)}`}`,
    )
  })
  terminal.printJson(report)
  if (context.interrupts.signal.aborted) context.finish('interrupted')
  else if (!report.checks.every(({ ok }) => ok)) context.finish('failed')
}
