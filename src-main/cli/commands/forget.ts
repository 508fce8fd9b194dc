import type { Command } from 'commander'

import { sourceOf } from '../../services/drives/drive.ts'
import type { KeptUploads } from '../../services/drives/ports.ts'
import type { CommandContext } from '../command-context.ts'
import { examples } from '../output/examples.ts'
import { formatBytes, formatCount, formatPath } from '../../lib/format.ts'

export function registerForget(program: Command, context: CommandContext): void {
  program
    .command('forget')
    .description('take a drive off the list; its files stay where they are')
    .argument('<drive>', 'name or id of a drive that is not mounted')
    .option('--discard-uploads', 'also give up, for good, what was saved to it and has not been delivered')
    .addHelpText(
      'after',
      examples('mountbar forget Documents', 'mountbar forget Documents --discard-uploads'),
    )
    .action(async (text: string, { discardUploads = false }: { discardUploads?: boolean }) => {
      const { services, terminal, homeDir } = context
      const drive = await services.drives.registry.find(text)
      const lost = await services.drives.forget(drive, { discardUploads })
      renderLost(lost).forEach(terminal.print)
      terminal.print(
        `${drive.name} is off the list. Its files stay in ${formatPath(sourceOf(drive), homeDir)}`,
      )
    })
}

/** Whoever gives files up shall be able to read which. */
function renderLost({ count, uploads }: KeptUploads): string[] {
  if (count === 0) return []
  const unnamed = count - uploads.length
  return [
    `${formatCount(count, 'saved file was', 'saved files were')} given up:`,
    ...uploads.map(({ path, size }) => `  ${path} (${formatBytes(size)})`),
    ...(unnamed === 0 ? [] : [`  ${formatCount(unnamed, 'file')} whose names could not be read`]),
  ]
}
