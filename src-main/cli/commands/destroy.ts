import type { Command } from 'commander'

import type { Connections } from '../../composition/stacks/connections.ts'
import type { Stacks } from '../../composition/stacks/open-stacks.ts'
import { ownBucketOf } from '../../services/stacks/destroy/own-bucket.ts'
import type { AwsTarget, StackView } from '../../services/stacks/stack.ts'
import { AppError, isAppError } from '../../shared/errors.ts'
import { createAskMfaCode } from '../aws/ask-mfa-code.ts'
import type { CommandContext } from '../command-context.ts'
import { drivesOn } from '../drives/drives-on.ts'
import { DestroyView, renderLeftovers } from '../output/destroy-view.ts'
import { examples } from '../output/examples.ts'

interface DestroyOptions {
  readonly profile?: string
  readonly region?: string
  readonly deleteBucket?: string
  readonly yes?: true
}

type Opened = Connections & { readonly stacks: Stacks }

export function registerDestroy(program: Command, context: CommandContext): void {
  program
    .command('destroy')
    .description('remove a stack from AWS: way in, mount target, access point and file system')
    .argument('<stack>', 'its name, as `mountbar stacks` shows it')
    .option('--profile <profile>', 'AWS profile; AWS_PROFILE, or the default one, when absent')
    .option('--region <region>', 'AWS region; the one of the profile when absent')
    .option('--delete-bucket <bucket>', 'then delete the bucket it made, with all versions of all files')
    .option('--yes', 'ask nothing; the bucket stays unless --delete-bucket names it')
    .addHelpText(
      'after',
      examples(
        'mountbar destroy mountbar-photos',
        'mountbar destroy mountbar-photos --yes --delete-bucket mountbar-photos-bucket-1a2b3c',
      ),
    )
    .action(async (name: string, options: DestroyOptions) => {
      const { terminal, services } = context
      using opened = await services.connections(createAskMfaCode(terminal, services.clock))
      await destroy(name, options, opened, context)
    })
}

async function destroy(
  name: string,
  options: DestroyOptions,
  opened: Opened,
  context: CommandContext,
): Promise<void> {
  const { terminal, interrupts } = context
  const { signal } = interrupts
  const { profile, region } = options
  const target = await opened.stacks.targetOf({
    ...(profile !== undefined && { profile }),
    ...(region !== undefined && { region }),
  })
  const stack = await findStack(name, target, options, opened, signal)
  if (stack === undefined) {
    await deleteBucketOfGoneStack(name, target, options, opened, context)
    return
  }

  await requireUnused(stack, context)
  const bucket = await bucketToDelete(stack, options, context)
  const view = new DestroyView(terminal)
  const leftovers = await opened.destroy(stack, view.show, signal)
  terminal.print(`The stack ${name} is removed.`)
  if (bucket !== undefined) await deleteBucket(bucket, target, opened, view, context)
  const left = leftovers.filter(({ physicalId }) => physicalId !== bucket)
  renderLeftovers(left, await drivesLeft(stack, context)).forEach(terminal.print)
}

/** `undefined` when it is gone already and only its bucket is left to delete. */
async function findStack(
  name: string,
  target: AwsTarget,
  { deleteBucket: bucket }: DestroyOptions,
  { stacks }: Opened,
  signal: AbortSignal,
): Promise<StackView | undefined> {
  try {
    return await stacks.deployments.find(target, name, signal)
  } catch (error) {
    if (bucket !== undefined && isAppError(error, 'stack-unknown')) return undefined
    throw error
  }
}

/** A drive that is mounted, or has something to deliver, would lose what was saved to it. */
async function requireUnused(stack: StackView, { services }: CommandContext): Promise<void> {
  const { drives } = services
  const fileSystemId = stack.outputs?.fileSystemId
  if (fileSystemId === undefined) return
  const observed = await drives.observeAll(drivesOn(fileSystemId, await drives.registry.list()))
  const mounted = observed.filter(({ hasVolume, front }) => hasVolume || front !== 'none')
  if (mounted.length > 0) {
    const names = mounted.map(({ drive }) => drive.name).join(', ')
    throw new AppError('stack-in-use', { name: stack.name, drives: names })
  }
  for (const { drive, kept } of observed)
    if ((kept?.count ?? 0) > 0)
      throw new AppError('uploads-kept', { name: drive.name, count: kept?.count ?? 0 })
}

/**
 * Asks what is asked of a person, before anything is removed.
 * @returns the bucket to delete, once its exact name was given.
 */
async function bucketToDelete(
  stack: StackView,
  { yes, deleteBucket: named }: DestroyOptions,
  { terminal, interrupts }: CommandContext,
): Promise<string | undefined> {
  const own = ownBucketOf(stack)
  if (named !== undefined) {
    if (own === undefined) {
      const reason = `The bucket of ${stack.name} was there before it, and is not Mountbar’s to delete`
      throw new AppError('usage', { reason })
    }
    if (named !== own) throw new AppError('bucket-name-differs', { bucket: own })
  }
  if (yes) return named
  if (!terminal.canAsk) throw new AppError('usage', { reason: 'Nobody can be asked here; add --yes' })

  const bucket = stack.outputs?.bucketName
  terminal.print(`${stack.name} in ${stack.region} goes: way in, mount target, access point, file system.`)
  if (bucket !== undefined && named === undefined)
    terminal.print(`The bucket ${bucket} stays, with all that is in it.`)
  if (!(await terminal.confirm(`Remove ${stack.name}?`, interrupts.signal))) throw new AppError('cancelled')
  if (own === undefined) return undefined
  const question =
    named === undefined
      ? `To delete the bucket too, with all versions of all files, type its name; Enter keeps it: `
      : `All versions of all files in ${own} are deleted. Type its name to go on: `
  const typed = (await terminal.ask(question, interrupts.signal)) ?? ''
  if (typed === own) return own
  if (typed === '' && named === undefined) return undefined
  throw new AppError('bucket-name-differs', { bucket: own })
}

/** An earlier `destroy` was cut off between stack and bucket. */
async function deleteBucketOfGoneStack(
  name: string,
  target: AwsTarget,
  { deleteBucket: bucket = '', yes }: DestroyOptions,
  opened: Opened,
  context: CommandContext,
): Promise<void> {
  const { terminal, interrupts } = context
  if (!(await opened.wasMadeBy(bucket, name, target, interrupts.signal))) {
    const reason = `There is no stack ${name} any more, and nothing says that it made the bucket ${bucket}`
    throw new AppError('usage', { reason })
  }
  if (!yes) {
    const question = `All versions of all files in ${bucket} are deleted. Type its name to go on: `
    const typed = await terminal.ask(question, interrupts.signal)
    if (typed !== bucket) throw new AppError('bucket-name-differs', { bucket })
  }
  await deleteBucket(bucket, target, opened, new DestroyView(terminal), context)
}

async function deleteBucket(
  bucket: string,
  target: AwsTarget,
  opened: Opened,
  view: DestroyView,
  { terminal, interrupts }: CommandContext,
): Promise<void> {
  await opened.deleteBucket(bucket, target, view.showDeleted, interrupts.signal)
  terminal.print(`The bucket ${bucket} is deleted.`)
}

async function drivesLeft(stack: StackView, { services }: CommandContext): Promise<readonly string[]> {
  const fileSystemId = stack.outputs?.fileSystemId
  if (fileSystemId === undefined) return []
  return drivesOn(fileSystemId, await services.drives.registry.list()).map(({ name }) => name)
}
