import type { Command } from 'commander'

import type { ObservedDrive } from '../../services/drives/observe-drive.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import type { CommandContext } from '../command-context.ts'
import { exitForError } from '../exit-codes.ts'
import { examples } from '../output/examples.ts'
import { renderError } from '../output/render-error.ts'

interface UnmountOptions {
  readonly all?: true
  readonly force?: true
}

export function registerUnmount(program: Command, context: CommandContext): void {
  program
    .command('unmount')
    .alias('umount')
    .description('unmount a drive')
    .argument('[drive]', 'name, id, folder or mount point of a drive')
    .option('--all', 'unmount all drives')
    .option('--force', 'also when files are open: unsaved changes are lost')
    .addHelpText('after', examples('mountbar unmount Documents', 'mountbar unmount --all'))
    .action(async (text: string | undefined, options: UnmountOptions) => {
      if ((text === undefined) === (options.all === undefined)) {
        throw new AppError('usage', { reason: 'Name one drive, or use --all' })
      }
      await (text === undefined ? unmountAll(options, context) : unmountOne(text, options, context))
    })
}

async function unmountOne(text: string, options: UnmountOptions, context: CommandContext): Promise<void> {
  const { drives } = context.services
  await unmount(await drives.observe(await drives.registry.find(text)), options, context)
}

/** One that fails does not keep the others; the exit status is that of the first that failed. */
async function unmountAll(options: UnmountOptions, context: CommandContext): Promise<void> {
  const { services, terminal, finish } = context
  const running = (await services.drives.observeAll()).filter(({ state }) => state.kind !== 'unmounted')
  if (running.length === 0) terminal.print('Nothing is mounted.')
  let firstError: AppError | undefined
  for (const observed of running) {
    try {
      await unmount(observed, options, context)
    } catch (error) {
      const appError = toAppError(error)
      firstError ??= appError
      renderError(appError, terminal).forEach(terminal.note)
    }
  }
  if (firstError !== undefined) finish(exitForError(firstError.code))
}

async function unmount(
  observed: ObservedDrive,
  { force }: UnmountOptions,
  { services, terminal, interrupts }: CommandContext,
): Promise<void> {
  await services.drives.unmount(observed, { force: force ?? false, signal: interrupts.signal })
  terminal.print(`${observed.drive.name} is unmounted.`)
}
