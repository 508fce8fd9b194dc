import type * as S3Sdk from '@aws-sdk/client-s3'

import { AppError } from '../../../shared/errors.ts'
import type { Clients } from '../aws/clients.ts'
import type { AwsTarget } from '../stack.ts'

/** As many as S3 takes at once. */
const batchSize = 1_000
/** Somebody may still be writing while it is emptied. */
const rounds = 3

/**
 * Deletes all versions of all objects, then the bucket. What was deleted before a failure or an abort stays deleted; another call goes on from there.
 * @param onProgress gets the number of versions and delete markers that are gone so far.
 * @throws AppError `bucket-in-use`, `bucket-missing`, or what AWS and the network do.
 */
export async function deleteBucket(
  bucket: string,
  target: AwsTarget,
  clients: Pick<Clients, 's3'>,
  onProgress: (deleted: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const call = { action: 's3:DeleteBucket', target, signal }
  await clients.s3(call, async (client, sdk) => {
    let deleted = 0
    for (let round = 1; ; round += 1) {
      try {
        for await (const versions of versionsOf(bucket, client, sdk, signal)) {
          await deleteVersions(bucket, versions, client, sdk, signal)
          deleted += versions.length
          onProgress(deleted)
        }
        const command = new sdk.DeleteBucketCommand({ Bucket: bucket })
        await client.send(command, { abortSignal: signal })
        return
      } catch (error) {
        const name = error instanceof Error ? error.name : ''
        if (name === 'BucketNotEmpty' && round < rounds) continue
        if (name === 'BucketHasS3FileSystemAttached')
          throw new AppError('bucket-in-use', { bucket }, { cause: error })
        if (name === 'NoSuchBucket') throw new AppError('bucket-missing', { bucket }, { cause: error })
        throw error
      }
    }
  })
}

type Versions = readonly { readonly Key: string; readonly VersionId: string }[]

/** Always the first page: what was on it is gone when the next is asked for. */
async function* versionsOf(
  bucket: string,
  client: S3Sdk.S3Client,
  { ListObjectVersionsCommand }: typeof S3Sdk,
  signal: AbortSignal,
): AsyncGenerator<Versions> {
  for (;;) {
    const command = new ListObjectVersionsCommand({ Bucket: bucket, MaxKeys: batchSize })
    const { Versions = [], DeleteMarkers = [] } = await client.send(command, { abortSignal: signal })
    const versions = [...Versions, ...DeleteMarkers].map(({ Key = '', VersionId = 'null' }) => ({
      Key,
      VersionId,
    }))
    if (versions.length === 0) return
    yield versions
  }
}

async function deleteVersions(
  bucket: string,
  versions: Versions,
  client: S3Sdk.S3Client,
  { DeleteObjectsCommand }: typeof S3Sdk,
  signal: AbortSignal,
): Promise<void> {
  const command = new DeleteObjectsCommand({
    Bucket: bucket,
    Delete: { Objects: [...versions], Quiet: true },
  })
  const { Errors = [] } = await client.send(command, { abortSignal: signal })
  const [first] = Errors
  if (first === undefined) return
  // In the shape of S3's other errors, so that it is told as one of them.
  throw Object.assign(new Error(first.Message), {
    name: first.Code ?? 'UnknownError',
    $metadata: { httpStatusCode: 200 },
  })
}
