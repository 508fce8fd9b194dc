import { Option, type Command } from 'commander'

import type { Stacks } from '../../composition/stacks/open-stacks.ts'
import type { AwsTarget } from '../../services/stacks/stack.ts'
import { wayIns } from '../../services/stacks/stack.ts'
import type { Planned } from '../../services/stacks/deploy/make-plan.ts'
import { AppError, isAppError } from '../../shared/errors.ts'
import { createAskMfaCode } from '../aws/ask-mfa-code.ts'
import type { CommandContext } from '../command-context.ts'
import { examples } from '../output/examples.ts'
import { ProgressView } from '../output/progress-view.ts'
import { renderPlan } from '../output/render-plan.ts'
import { planStepWords, renderReady } from '../output/render-deployed.ts'
import { deployRequestFrom, usualStackName, type DeployOptions } from '../stacks/deploy-options.ts'

/** A plan that nobody wants is removed although the command was interrupted, within this. */
const discardLimitMs = 10_000

export function registerDeploy(program: Command, context: CommandContext): void {
  program
    .command('deploy')
    .description('make or change the AWS side of a drive: bucket, file system, and a way in')
    .option('--name <stack>', 'name of the stack', usualStackName)
    .option('--profile <profile>', 'AWS profile; AWS_PROFILE, or the default one, when absent')
    .option('--region <region>', 'AWS region; the one of the profile when absent')
    .addOption(new Option('--way-in <way>', 'how a Mac gets there; nlb for a new stack').choices(wayIns))
    .option('--bucket <bucket>', 'use this bucket, which is not changed')
    .option('--new-bucket <name>', 'name of the bucket to make; AWS chooses one when absent')
    .option('--prefix <prefix>', 'only this part of the bucket')
    .option('--kms-key <arn>', 'key that the bucket is encrypted with, where it has one of its own')
    .option('--cidr <range...>', 'addresses that may connect, three at most; with nlb your own when absent')
    .option('--open-to-the-internet', 'allow --cidr 0.0.0.0/0, which is everybody')
    .option('--vpc <vpc-…>', 'use this network; with --subnet and --mount-target-address')
    .option('--subnet <subnet-…>', 'its subnet for the mount target')
    .option('--mount-target-address <address>', 'a free address in it')
    .option('--set <Parameter=value...>', 'any other parameter of the template')
    .option('--dry-run', 'show what would be done, and do nothing')
    .option('--yes', 'do not ask before doing it')
    .option('--replace-failed', 'first remove what is left of a stack that failed when it was made')
    .option('--watch', 'only watch what is under way')
    .option('--cancel', 'take back what is under way')
    .addHelpText(
      'after',
      examples(
        'mountbar deploy --dry-run',
        'mountbar deploy --name mountbar-photos --bucket holiday-pictures --prefix 2026',
        'mountbar deploy --way-in private --cidr 10.0.0.0/16',
        'mountbar deploy --watch --name mountbar-photos',
      ),
    )
    .action(async (options: DeployOptions) => {
      const { services, terminal, interrupts } = context
      using stacks = await services.stacks(createAskMfaCode(terminal, services.clock))
      const target = await stacks.targetOf(options)
      const at: At = { stacks, target, options, context }
      if (options.watch === true || options.cancel === true) {
        await follow(at)
        return
      }
      if (options.replaceFailed === true) await removeFailed(at)
      const planned = await planOrOffer(at)
      if (planned.kind === 'nothing-to-change') {
        terminal.print('Nothing to change.')
        renderReady(planned.stack, terminal).forEach(terminal.print)
        return
      }
      const { plan } = planned
      renderPlan(plan, terminal).forEach(terminal.print)
      if (!(await isWanted(options, context))) {
        await stacks.deployments.discard(plan, AbortSignal.timeout(discardLimitMs))
        interrupts.signal.throwIfAborted()
        terminal.print('')
        terminal.print('Nothing was done.')
        if (!options.dryRun && !(terminal.canAsk && terminal.isInteractive))
          throw new AppError('usage', { reason: 'Nobody is here to be asked; add --yes to deploy' })
        return
      }
      terminal.print('')
      const view = new ProgressView(terminal)
      const deployed = stacks.deployments.execute(plan, view.show, interrupts.signal)
      renderReady(await leavingItRunning(deployed, at), terminal).forEach(terminal.print)
    })
}

interface At {
  readonly stacks: Stacks
  readonly target: AwsTarget
  readonly options: DeployOptions
  readonly context: CommandContext
}

async function makePlan({ stacks, target, options, context }: At): Promise<Planned> {
  const { terminal, interrupts } = context
  return await stacks.deployments.plan(
    deployRequestFrom(options, target),
    { onStep: (step) => terminal.note(terminal.dim(`${planStepWords[step]} …`)) },
    interrupts.signal,
  )
}

/** Where only remains are in the way, somebody who is there may have them removed at once. */
async function planOrOffer(at: At): Promise<Planned> {
  const { terminal, interrupts } = at.context
  try {
    return await makePlan(at)
  } catch (error) {
    if (!isAppError(error, 'stack-rolled-back') || at.options.dryRun === true) throw error
    const question = `What is left of the failed stack ${at.options.name} is in the way. Remove it and go on?`
    if (!(await terminal.confirm(question, interrupts.signal))) throw error
    await removeFailed(at)
    return await makePlan(at)
  }
}

async function isWanted({ dryRun, yes }: DeployOptions, context: CommandContext): Promise<boolean> {
  if (dryRun === true) return false
  if (yes === true) return true
  context.terminal.print('')
  return await context.terminal.confirm('Do this?', context.interrupts.signal)
}

async function removeFailed({ stacks, target, options, context }: At): Promise<void> {
  const view = new ProgressView(context.terminal)
  await stacks.deployments.removeFailed(target, options.name, view.show, context.interrupts.signal)
}

async function follow(at: At): Promise<void> {
  const { stacks, target, options, context } = at
  const { terminal, interrupts } = context
  const { deployments } = stacks
  if (options.cancel === true) await deployments.cancel(target, options.name, interrupts.signal)
  const view = new ProgressView(terminal)
  try {
    const watched = deployments.watch(target, options.name, view.show, interrupts.signal)
    const stack = await leavingItRunning(watched, at)
    if (stack === undefined) terminal.print(`The stack ${options.name} is removed.`)
    else renderReady(stack, terminal).forEach(terminal.print)
  } catch (error) {
    // That is what was asked for.
    if (!isAppError(error, 'stack-cancelled') || options.cancel !== true) throw error
    terminal.print(`The change of the stack ${options.name} is taken back.`)
  }
}

/** An interrupted watching is not an interrupted deployment, and says so. */
async function leavingItRunning<T>(work: Promise<T>, { options, context }: At): Promise<T> {
  const { terminal, interrupts } = context
  try {
    return await work
  } catch (error) {
    if (interrupts.signal.aborted) {
      terminal.note(
        `AWS goes on without this command. \`mountbar deploy --watch --name ${options.name}\` watches again,`,
      )
      terminal.note(`\`mountbar deploy --cancel --name ${options.name}\` takes it back.`)
    }
    throw error
  }
}
