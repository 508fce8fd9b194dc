import type { Command } from 'commander'

import type { CommandContext } from '../command-context.ts'
import { examples } from '../output/examples.ts'
import { renderDiagnosis } from '../output/render-diagnosis.ts'

export function registerDoctor(program: Command, context: CommandContext): void {
  program
    .command('doctor')
    .description('check this machine and what AWS allows, and say how to repair what does not work')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('mountbar doctor', 'mountbar doctor --json'))
    .action(async ({ json }: { json?: true }) => {
      const { services, terminal, interrupts, finish } = context
      const results = await services.diagnostics.run(interrupts.signal)
      if (json) terminal.printJson({ checks: results })
      else renderDiagnosis(results, terminal).forEach(terminal.print)
      if (results.some(({ passed, severity }) => !passed && severity === 'problem')) finish('failed')
    })
}
