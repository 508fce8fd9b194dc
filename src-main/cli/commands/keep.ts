import type { Command } from 'commander'

import { toAppError } from '../../shared/errors.ts'
import type { Drive } from '../../services/drives/drive.ts'
import type { KeptDrive } from '../../services/drives/keep-drive.ts'
import type { CommandContext, Services } from '../command-context.ts'
import type { Interrupts } from '../interrupts.ts'
import { createAskStarter } from '../keeper/ask-starter.ts'
import { holdDrive } from '../keeper/hold-drive.ts'
import type { KeeperMessage } from '../keeper/keeper-protocol.ts'

/** Not for people: what `mountbar mount` leaves running. Parent of the front, owner of the volume. */
export function registerKeep(program: Command, context: CommandContext): void {
  program
    .command('keep', { hidden: true })
    .description('mount a drive and look after it (started by `mountbar mount`)')
    .argument('<drive>', 'id of a drive')
    .action(async (driveId: string) => keep(driveId, context))
}

async function keep(driveId: string, { services, interrupts, finish }: CommandContext): Promise<void> {
  const { drives, log } = services
  try {
    const drive = await drives.registry.find(driveId)
    const kept = await mount(drive, services, interrupts)
    const { url, mountPoint = url, formerPort } = kept
    log.info('keeper', 'mounted', { id: drive.id, mountPoint, pid: process.pid })
    tell({ type: 'mounted', url, mountPoint, port: kept.drive.port, formerPort })
    const end = await holdDrive(kept, interrupts, {
      onUnmounting: () => log.info('keeper', 'asked to end', { id: drive.id }),
      onDelivering: () => log.info('keeper', 'delivering', { id: drive.id }),
      onRefused: (error) => log.warn('keeper', 'volume stays', { id: drive.id, error }),
    })
    log.info('keeper', 'ended', { id: drive.id, end })
    if (kept.deliveryFailure() !== undefined) finish('failed')
  } catch (error) {
    log.error('keeper', 'failed', { driveId, error })
    tell({ type: 'failed', error: toAppError(error).toJSON() })
    finish('failed')
  }
}

/** Until it is mounted a person waits for it, who can be asked. */
async function mount(
  drive: Drive,
  { drives, mfa }: Pick<Services, 'drives' | 'mfa'>,
  { signal }: Interrupts,
): Promise<KeptDrive> {
  using _desk = mfa.staff(createAskStarter(process))
  return await drives.keep(drive, {
    signal,
    withVolume: true,
    onStep: (step) => tell({ type: 'step', step }),
  })
}

/** To the waiting command, while it waits; it may have been closed. */
function tell(message: KeeperMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined)
}
