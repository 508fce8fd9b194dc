import type { Command } from 'commander'

import type { StackView } from '../../services/stacks/stack.ts'
import { createAskMfaCode } from '../aws/ask-mfa-code.ts'
import type { CommandContext } from '../command-context.ts'
import { examples } from '../output/examples.ts'
import { renderStacks, stacksToJson } from '../output/render-stacks.ts'

interface StacksOptions {
  readonly profile?: string
  readonly region?: readonly string[]
  readonly json?: true
}

export function registerStacks(program: Command, context: CommandContext): void {
  program
    .command('stacks')
    .description('list the stacks that Mountbar made in your AWS account')
    .option('--profile <profile>', 'AWS profile; AWS_PROFILE, or the default one, when absent')
    .option('--region <region...>', 'AWS regions to look in; the one of the profile when absent')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples('mountbar stacks', 'mountbar stacks --profile work --region eu-central-1 us-east-1'),
    )
    .action(async ({ profile, region: regions, json }: StacksOptions) => {
      const { services, terminal, interrupts } = context
      const { signal } = interrupts
      using stacks = await services.stacks(createAskMfaCode(terminal, services.clock))
      const named = { ...(profile !== undefined && { profile }) }
      const targets = await Promise.all(
        regions === undefined
          ? [stacks.targetOf(named)]
          : regions.map((region) => stacks.targetOf({ ...named, region })),
      )
      const found: StackView[] = []
      // One after the other: the first may have to ask a person for a code.
      for (const target of targets) found.push(...(await stacks.deployments.list(target, signal)))
      if (json) terminal.printJson(stacksToJson(found))
      else renderStacks(found, targets, terminal).forEach(terminal.print)
    })
}
