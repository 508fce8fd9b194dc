import { frontStateDirOf } from '../../services/drives/drive.ts'
import type { KeptDrive } from '../../services/drives/keep-drive.ts'
import type { CommandContext } from '../command-context.ts'
import { renderError } from '../output/render-error.ts'
import { renderKept } from '../output/render-kept.ts'

/** Says what a drive of this process that has ended has left undelivered on this machine, if anything, and why if nobody chose so. */
export async function tellKept(
  kept: Pick<KeptDrive, 'drive' | 'deliveryFailure'>,
  context: Pick<CommandContext, 'services' | 'terminal' | 'homeDir' | 'finish'>,
): Promise<void> {
  const { services, terminal, homeDir, finish } = context
  const { drive } = kept
  const failure = kept.deliveryFailure()
  if (failure !== undefined) {
    renderError(failure, terminal).forEach(terminal.note)
    finish('failed')
  }
  const found = await services.drives.uploads(drive)
  if (found.kind === 'running') return
  renderKept(drive, found.kept, frontStateDirOf(drive, services.dirs), homeDir).forEach(terminal.print)
}
