import { AppError, isAppError } from '../../../shared/errors.ts'
import { readBucketFacts } from '../aws/bucket-facts.ts'
import type { Clients } from '../aws/clients.ts'
import type { FoundStack } from '../aws/stack-api.ts'
import type { StackAws, StackCaller } from '../ports.ts'
import type { AwsTarget, StackView } from '../stack.ts'
import { checkBucket } from './check-bucket.ts'

export interface PreflightParts {
  readonly aws: Pick<StackAws, 'whoIs'>
  readonly clients: Clients
  readonly target: AwsTarget
}

/**
 * Who would deploy, and whether the region has S3 Files at all.
 * @throws AppError `region-without-s3files`, or what keeps the profile from AWS.
 */
export async function checkCallerAndRegion(
  { aws, clients, target }: PreflightParts,
  signal: AbortSignal,
): Promise<StackCaller> {
  const caller = await aws.whoIs(target.profile, target.region, signal)
  const call = { action: 's3files:ListFileSystems', target, signal }
  try {
    await clients.s3Files(call, async (client, { ListFileSystemsCommand }) => {
      await client.send(new ListFileSystemsCommand({ maxResults: 1 }), { abortSignal: signal })
    })
  } catch (error) {
    // AWS has just answered, so it is not the network: where a service is not offered, its name does not exist.
    if (isAppError(error, 'aws-unreachable') && isUnknownName(error.cause))
      throw new AppError('region-without-s3files', { region: target.region }, { cause: error })
    throw error
  }
  return caller
}

function isUnknownName(cause: unknown): boolean {
  return cause instanceof Error && ['ENOTFOUND', 'EAI_AGAIN'].includes(cause.name)
}

/** @returns the ARN of the bucket's key, where it has one. @throws AppError why S3 Files cannot use the bucket. */
export async function checkExistingBucket(
  { bucket, chosenKey }: { readonly bucket: string; readonly chosenKey: string | undefined },
  { clients, target }: PreflightParts,
  signal: AbortSignal,
): Promise<string | undefined> {
  const facts = await readBucketFacts(bucket, { clients, target }, signal)
  return checkBucket(bucket, facts, target.region, chosenKey)
}

/** A stack whose making failed: nothing of it works, and it can only be deleted. */
export const failedAtOnce: readonly string[] = ['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'CREATE_FAILED']
const stuck = ['UPDATE_ROLLBACK_FAILED', 'DELETE_FAILED', 'UPDATE_FAILED']
/** Of a plan for a new stack that was never executed. */
const onlyPlanned = 'REVIEW_IN_PROGRESS'

/**
 * Whether a stack of the wanted name can be deployed to.
 * @returns the one to change; `undefined` when one is to be made.
 * @throws AppError `stack-foreign`, `stack-busy`, `stack-rolled-back`, `stack-stuck`.
 */
export function stackToChange(found: FoundStack | undefined): StackView | undefined {
  if (found === undefined) return undefined
  const { name, status, view } = found
  if (status === onlyPlanned) return undefined
  if (view === undefined) throw new AppError('stack-foreign', { name })
  if (failedAtOnce.includes(status)) throw new AppError('stack-rolled-back', { name })
  if (stuck.includes(status)) throw new AppError('stack-stuck', { name, status })
  if (status.endsWith('_IN_PROGRESS')) throw new AppError('stack-busy', { name, status })
  return view
}
