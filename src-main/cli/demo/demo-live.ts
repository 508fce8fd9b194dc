import { sourceOf, type SandboxDrive } from '../../services/drives/drive.ts'
import type { KeptDrive } from '../../services/drives/keep-drive.ts'
import type { CommandContext } from '../command-context.ts'
import { holdDrive } from '../keeper/hold-drive.ts'
import { showDelivery } from '../keeper/show-delivery.ts'
import { tellKept } from '../keeper/tell-kept.ts'
import { formatPath } from '../../lib/format.ts'
import { renderError } from '../output/render-error.ts'
import { renderLiveLine } from './live-line.ts'
import type { Sample } from './live-line.ts'
import { largeFileName, readmeName } from '../../composition/sandbox/sandbox-tree.ts'

const liveIntervalMs = 500

/** Serves the drive with a line that shows what happens, until Ctrl-C or until the volume is ejected elsewhere. */
export async function runDemoLive(
  drive: SandboxDrive,
  withVolume: boolean,
  context: CommandContext,
): Promise<void> {
  const { services, terminal, interrupts, homeDir } = context
  const { signal } = interrupts
  const kept = await services.drives.keep(drive, { signal, withVolume, onStep: () => undefined })
  for (const line of introduction(kept, context)) terminal.print(line)

  const ended = new AbortController()
  const live = showLiveLine(kept, ended.signal, context)
  const end = await holdDrive(kept, interrupts, {
    onUnmounting: () => terminal.note(withVolume ? 'Unmounting …' : 'Stopping …'),
    onDelivering: () => void showDelivery(kept, context),
    onRefused: (error) => {
      renderError(error, terminal).forEach(terminal.note)
      terminal.note('Press Ctrl-C once more to unmount by force.')
    },
  })
  ended.abort()
  await live

  if (withVolume) terminal.print(end === 'unmounted' ? 'Unmounted.' : 'The volume was unmounted elsewhere.')
  await tellKept(kept, context)
  terminal.print(`The files stay in ${formatPath(drive.sourceDir, homeDir)}`)
  terminal.print(terminal.dim('`mountbar demo` shows them again; delete the folder if you do not want them.'))
}

function introduction(kept: KeptDrive, { terminal, homeDir }: CommandContext): string[] {
  const { drive, url, mountPoint } = kept
  const folder = formatPath(sourceOf(drive), homeDir)
  const where =
    mountPoint === undefined
      ? [terminal.bold(`${drive.name} is served at ${url}`), `  Read:  curl ${url}${readmeName}`]
      : [
          terminal.bold(`${drive.name} is mounted at ${mountPoint}`),
          process.platform === 'darwin'
            ? `  Look:   mountbar reveal "${drive.name}"`
            : `  Look:   ls -la "${mountPoint}"`,
          `  Read:   cat "${mountPoint}/${readmeName}"`,
          `  Copy:   cp "${mountPoint}/${largeFileName}" /tmp/`,
        ]
  return [...where, `  The files are those of ${folder}`, 'Press Ctrl-C to end.', '']
}

/** Drawn over itself on a terminal; elsewhere nothing, a pipe has no use for it. */
async function showLiveLine(
  kept: KeptDrive,
  ended: AbortSignal,
  { services, terminal }: CommandContext,
): Promise<void> {
  const { clock, log } = services
  let before: Sample | undefined
  while (terminal.isInteractive && !ended.aborted) {
    try {
      const { counters } = await kept.frontStatus()
      const now = { counters, atMs: clock.monotonicMs() }
      if (kept.state().kind === 'mounted') terminal.draw([renderLiveLine(now, before)])
      before = now
    } catch (error) {
      log.debug('demo', 'no status', { error })
    }
    await clock.sleep(liveIntervalMs, ended).catch(() => undefined)
  }
}
