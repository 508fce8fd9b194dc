import type { AwsTarget, StackName, StackView } from '../stack.ts'

/** Which stacks there are, as far as connecting to them and removing them has to know. */
export interface StackLookup {
  /** @throws AppError `stack-unknown`, `stack-foreign` */
  find(target: AwsTarget, name: StackName, signal: AbortSignal): Promise<StackView>
  /** All that Mountbar's templates have made in one region, in whatever state. */
  list(target: AwsTarget, signal: AbortSignal): Promise<readonly StackView[]>
}

/**
 * The stack that a file system belongs to. `undefined` when there is none, or when nobody may look: stacks are one way to know more about a file
 * system, and never the only one.
 */
export async function stackOf(
  fileSystemId: string,
  target: AwsTarget,
  stacks: Pick<StackLookup, 'list'>,
  signal: AbortSignal,
): Promise<StackView | undefined> {
  try {
    const all = await stacks.list(target, signal)
    return all.find(({ outputs }) => outputs?.fileSystemId === fileSystemId)
  } catch {
    signal.throwIfAborted()
    return undefined
  }
}
