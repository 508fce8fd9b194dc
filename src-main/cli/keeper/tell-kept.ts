import { frontStateDirOf } from '../../services/drives/drive.ts'
import type { Drive } from '../../services/drives/drive.ts'
import type { CommandContext } from '../command-context.ts'
import { renderKept } from '../output/render-kept.ts'

/** Says what a drive that has ended has left undelivered on this machine, if anything. */
export async function tellKept(
  drive: Drive,
  { services, terminal, homeDir }: Pick<CommandContext, 'services' | 'terminal' | 'homeDir'>,
): Promise<void> {
  const found = await services.drives.uploads(drive)
  if (found.kind === 'running') return
  renderKept(drive, found.kept, frontStateDirOf(drive, services.dirs), homeDir).forEach(terminal.print)
}
