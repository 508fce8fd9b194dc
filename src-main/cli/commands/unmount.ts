import type { Command } from 'commander'

import { frontStateDirOf } from '../../services/drives/drive.ts'
import type { ObservedDrive } from '../../services/drives/observe-drive.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import type { CommandContext } from '../command-context.ts'
import { exitForError } from '../exit-codes.ts'
import { DeliveryView } from '../output/delivery-view.ts'
import { examples } from '../output/examples.ts'
import { renderError } from '../output/render-error.ts'
import { renderKept } from '../output/render-kept.ts'

interface UnmountOptions {
  readonly all?: true
  readonly force?: boolean
  /** Off by `--no-wait`. */
  readonly wait: boolean
}

export function registerUnmount(program: Command, context: CommandContext): void {
  program
    .command('unmount')
    .alias('umount')
    .description('unmount a drive, and wait until what was saved to it has been delivered')
    .argument('[drive]', 'name, id, folder or mount point of a drive')
    .option('--all', 'unmount all drives')
    .option('--force', 'also when files are open: unsaved changes are lost')
    .option('--no-wait', 'leave what is not delivered yet on this machine, for the next mount')
    .addHelpText(
      'after',
      examples(
        'mountbar unmount Documents',
        'mountbar unmount --all',
        'mountbar unmount Documents --no-wait',
      ),
    )
    .action(async (text: string | undefined, options: UnmountOptions) => {
      if ((text === undefined) === (options.all === undefined)) {
        throw new AppError('usage', { reason: 'Name one drive, or use --all' })
      }
      await (text === undefined ? unmountAll(options, context) : unmountOne(text, options, context))
    })
}

async function unmountOne(text: string, options: UnmountOptions, context: CommandContext): Promise<void> {
  const { drives } = context.services
  await unmount(await drives.observe(await drives.registry.find(text)), options, viewFor(context), context)
}

/**
 * All at once, so that none stays mounted while another delivers. One that fails does not keep the others; the exit status is that
 * of the first that failed.
 */
async function unmountAll(options: UnmountOptions, context: CommandContext): Promise<void> {
  const { services, terminal, finish } = context
  const running = (await services.drives.observeAll()).filter(({ state }) => state.kind !== 'unmounted')
  if (running.length === 0) terminal.print('Nothing is mounted.')
  const view = viewFor(context)
  const errors = await Promise.all(
    running.map(async (observed) => {
      try {
        await unmount(observed, options, view, context)
        return undefined
      } catch (error) {
        const appError = toAppError(error)
        renderError(appError, terminal).forEach(terminal.note)
        return appError
      }
    }),
  )
  const firstError = errors.find((error) => error !== undefined)
  if (firstError !== undefined) finish(exitForError(firstError.code))
}

function viewFor({ terminal, services }: CommandContext): DeliveryView {
  return new DeliveryView(terminal, services.clock, 'Ctrl-C leaves that to the background.')
}

async function unmount(
  observed: ObservedDrive,
  { force = false, wait }: UnmountOptions,
  view: DeliveryView,
  { services, terminal, interrupts, homeDir, finish }: CommandContext,
): Promise<void> {
  const { drive } = observed
  const { isDelivering, kept } = await services.drives.unmount(observed, {
    force,
    wait,
    signal: interrupts.signal,
    onDelivering: (report) => view.show(drive.name, report),
  })
  view.remove(drive.name)
  terminal.print(`${drive.name} is unmounted.`)
  if (isDelivering) {
    terminal.print(
      'What was saved to it is being delivered in the background; `mountbar uploads --watch` shows how far it is.',
    )
    finish('interrupted')
  }
  if (kept !== undefined) {
    renderKept(drive, kept, frontStateDirOf(drive, services.dirs), homeDir).forEach(terminal.print)
  }
}
