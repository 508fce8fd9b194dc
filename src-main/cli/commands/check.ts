import type { Command } from 'commander'

import type { Drive, S3FilesDrive } from '../../services/drives/drive.ts'
import type { AccessDecision } from '../../services/stacks/access/decide-access.ts'
import { AppError } from '../../shared/errors.ts'
import { createAskMfaCode } from '../aws/ask-mfa-code.ts'
import type { CommandContext } from '../command-context.ts'
import { examples } from '../output/examples.ts'
import { renderDiagnosis } from '../output/render-diagnosis.ts'

interface CheckOptions {
  readonly updateAccess?: true
  readonly json?: true
}

export function registerCheck(program: Command, context: CommandContext): void {
  program
    .command('check')
    .description('check all that a drive on S3 Files needs in AWS, and the way there')
    .argument('<drive>', 'name or id of a drive')
    .option('--update-access', 'first let your present public address in, in place of the one before it')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('mountbar check Photos', 'mountbar check Photos --update-access'))
    .action(async (text: string, { updateAccess, json }: CheckOptions) => {
      const { services, terminal, interrupts, finish } = context
      const drive = fileSystemDrive(await services.drives.registry.find(text))
      using connections = await services.connections(createAskMfaCode(terminal, services.clock))
      if (updateAccess) {
        terminal.note(terminal.dim('Looking at who is let in …'))
        terminal.note(toldOf(await connections.letIn(drive, interrupts.signal)))
      }
      const results = await connections.check(drive, interrupts.signal)
      if (json) terminal.printJson({ checks: results })
      else renderDiagnosis(results, terminal).forEach(terminal.print)
      if (results.some(({ passed }) => !passed)) finish('failed')
    })
}

function fileSystemDrive(drive: Drive): S3FilesDrive {
  if (drive.kind === 's3files') return drive
  throw new AppError('usage', {
    reason: `${drive.name} is a folder of this machine, and needs nothing of AWS`,
  })
}

function toldOf(decision: AccessDecision): string {
  return decision.kind === 'allowed'
    ? 'Your address is let in already.'
    : `${decision.to} is let in now, in place of ${decision.from}.`
}
