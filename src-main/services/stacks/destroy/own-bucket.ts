import { AppError } from '../../../shared/errors.ts'
import type { Clients } from '../aws/clients.ts'
import { wayInTag, type AwsTarget, type StackName, type StackView } from '../stack.ts'

/** The bucket that a stack made; `undefined` when it uses one that was there before. */
export function ownBucketOf({ parameters, outputs }: StackView): string | undefined {
  const isOwn = (parameters['ExistingBucketName'] ?? '') === ''
  return isOwn ? outputs?.bucketName : undefined
}

/**
 * Whether a bucket was made by a stack of this name that is gone by now, by the tags it was made with: the only trace that is left then.
 * @throws AppError `bucket-missing`
 */
export async function wasMadeBy(
  bucket: string,
  stackName: StackName,
  target: AwsTarget,
  clients: Pick<Clients, 's3'>,
  signal: AbortSignal,
): Promise<boolean> {
  const call = { action: 's3:GetBucketTagging', target, signal }
  return await clients.s3(call, async (client, { GetBucketTaggingCommand }) => {
    try {
      const command = new GetBucketTaggingCommand({ Bucket: bucket })
      const { TagSet = [] } = await client.send(command, { abortSignal: signal })
      const tags = new Map(TagSet.map(({ Key, Value }) => [Key, Value]))
      return tags.has(wayInTag) && tags.get('Name') === stackName
    } catch (error) {
      if (!(error instanceof Error)) throw error
      if (error.name === 'NoSuchTagSet') return false
      if (error.name === 'NoSuchBucket') throw new AppError('bucket-missing', { bucket }, { cause: error })
      throw error
    }
  })
}
