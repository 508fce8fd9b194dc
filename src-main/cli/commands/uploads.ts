import { stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'

import type { Command } from 'commander'

import { AppError } from '../../shared/errors.ts'
import type { CommandContext } from '../command-context.ts'
import { examples } from '../output/examples.ts'
import { formatBytes, formatPath } from '../../lib/format.ts'
import { renderUploads } from '../output/render-uploads.ts'
import { findUpload } from '../uploads/find-upload.ts'
import { listUploads, uploadsToJson } from '../uploads/list-uploads.ts'

interface ListOptions {
  readonly json?: true
  readonly watch?: true
}

const watchIntervalMs = 1_000
const idHelp = 'number that `mountbar uploads` shows, or <drive>:<number>'

export function registerUploads(program: Command, context: CommandContext): void {
  const uploads = program
    .command('uploads')
    .description('show what was saved and has not been delivered yet')
    .argument('[drive]', 'name or id of a drive; all of them when absent')
    .option('--json', 'print JSON; with --watch one line each second')
    .option('--watch', 'keep showing it until Ctrl-C')
    .addHelpText(
      'after',
      examples(
        'mountbar uploads',
        'mountbar uploads Documents --watch',
        'mountbar uploads retry 7',
        'mountbar uploads export Documents:7 ~/Desktop',
        'mountbar uploads discard 7',
      ),
    )
    .action(async (text: string | undefined, options: ListOptions) => {
      await (options.watch ? watch(text, options, context) : show(text, options, context))
    })

  uploads
    .command('retry')
    .description('try an upload again at once')
    .argument('<upload>', idHelp)
    .addHelpText('after', examples('mountbar uploads retry 7'))
    .action(async (text: string) => retry(text, context))
  uploads
    .command('discard')
    .description('give an upload up: what was saved is lost, the drive keeps what it has')
    .argument('<upload>', idHelp)
    .option('--yes', 'do not ask')
    .addHelpText('after', examples('mountbar uploads discard 7', 'mountbar uploads discard 7 --yes'))
    .action(async (text: string, { yes }: { yes?: true }) => discard(text, yes ?? false, context))
  uploads
    .command('export')
    .description('copy what was saved to a file of yours; the upload stays')
    .argument('<upload>', idHelp)
    .argument('[path]', 'the file to make, or the folder to make it in; this folder when absent', '.')
    .addHelpText('after', examples('mountbar uploads export 7 ~/Desktop'))
    .action(async (text: string, path: string) => exportTo(text, path, context))
}

async function show(
  text: string | undefined,
  { json }: ListOptions,
  { services, terminal }: CommandContext,
): Promise<void> {
  const all = await listUploads(text, services)
  if (json) terminal.printJson(uploadsToJson(all))
  else renderUploads(all, services.clock.now(), terminal).forEach(terminal.print)
}

/** On a terminal the table is drawn over itself; into a pipe it is printed again and again. */
async function watch(text: string | undefined, options: ListOptions, context: CommandContext): Promise<void> {
  const { services, terminal, interrupts } = context
  while (!interrupts.signal.aborted) {
    if (options.json || !terminal.isInteractive) await show(text, options, context)
    else terminal.draw(renderUploads(await listUploads(text, services), services.clock.now(), terminal))
    await services.clock.sleep(watchIntervalMs, interrupts.signal).catch(() => undefined)
  }
}

async function retry(text: string, { services, terminal }: CommandContext): Promise<void> {
  const { drive, id, name } = await findUpload(text, services)
  await services.drives.withFront(drive, (front) => front.retryUpload(id))
  terminal.print(`${name} of ${drive.name} is being tried again.`)
}

async function discard(
  text: string,
  yes: boolean,
  { services, terminal, interrupts }: CommandContext,
): Promise<void> {
  const { drive, id, name, size } = await findUpload(text, services)
  const what = size === undefined ? name : `${name} (${formatBytes(size)})`
  if (!yes && !terminal.isInteractive) {
    throw new AppError('usage', { reason: `Discarding ${name} loses it for good: say so with --yes` })
  }
  if (!yes && !(await terminal.confirm(`Give up ${what} for good?`, interrupts.signal))) {
    throw new AppError('cancelled')
  }
  await services.drives.withFront(drive, (front) => front.discardUpload(id))
  terminal.print(`${name} of ${drive.name} was given up. The drive keeps what it had there before.`)
}

async function exportTo(
  text: string,
  path: string,
  { services, terminal, homeDir }: CommandContext,
): Promise<void> {
  const { drive, id, name } = await findUpload(text, services)
  const destinationPath = (await isFolder(path)) ? join(resolve(path), basename(name)) : resolve(path)
  await services.drives.withFront(drive, (front) => front.exportUpload(id, destinationPath))
  terminal.print(`${name} of ${drive.name} was copied to ${formatPath(destinationPath, homeDir)}`)
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  )
}
