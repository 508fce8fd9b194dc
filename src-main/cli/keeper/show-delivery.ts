import type { KeptDrive } from '../../services/drives/keep-drive.ts'
import type { CommandContext } from '../command-context.ts'
import { DeliveryView } from '../output/delivery-view.ts'

const intervalMs = 500

/** Shows what a drive of this process still has to deliver, until it has ended. Never rejects. */
export async function showDelivery(
  kept: Pick<KeptDrive, 'drive' | 'ended'>,
  { services, terminal }: Pick<CommandContext, 'services' | 'terminal'>,
): Promise<void> {
  const { drives, clock, log } = services
  const { drive } = kept
  const ended = new AbortController()
  void kept.ended.then(() => ended.abort())
  const view = new DeliveryView(terminal, clock, 'Press Ctrl-C once more to leave them for the next mount.')
  while (!ended.signal.aborted) {
    try {
      const found = await drives.uploads(drive)
      if (found.kind === 'running') view.show(drive.name, found.report)
    } catch (error) {
      log.debug('cli', 'no report of uploads', { error })
    }
    await clock.sleep(intervalMs, ended.signal).catch(() => undefined)
  }
  view.remove(drive.name)
}
