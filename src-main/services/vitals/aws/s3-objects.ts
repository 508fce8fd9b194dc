import type * as S3Sdk from '@aws-sdk/client-s3'
import type { S3Client } from '@aws-sdk/client-s3'

import { AppError } from '../../../shared/errors.ts'
import type { BucketPlace, ObjectFacts, ObjectStore } from '../ports.ts'
import { ask } from './ask.ts'
import type { VitalsAws } from './vitals-aws.ts'

interface Described {
  readonly size: number | undefined
  readonly etag: string | undefined
  readonly lastModified: Date | undefined
}

/** `ObjectStore` by the AWS SDK, which is loaded with the first question. */
export function createS3Objects(aws: VitalsAws): ObjectStore {
  const askS3 = async <T>(
    { region, profile }: BucketPlace,
    action: string,
    signal: AbortSignal,
    work: (client: S3Client, sdk: typeof S3Sdk) => Promise<T>,
  ): Promise<T> => {
    const sdk = await import('@aws-sdk/client-s3')
    return await ask(
      aws,
      { service: 's3', action, region, profile, signal },
      // A stand-in for S3 has one name, and not one for each bucket.
      (config) => new sdk.S3Client({ ...config, forcePathStyle: config.endpoint !== undefined }),
      (client) => work(client, sdk),
    )
  }
  return {
    head: (place, key, signal) =>
      askS3(place, 's3:GetObject', signal, async (client, { HeadObjectCommand }) => {
        const command = new HeadObjectCommand({ Bucket: place.bucket, Key: key })
        const found = await client.send(command, { abortSignal: signal }).catch(nothingOf404)
        if (found === undefined) return undefined
        const { ContentLength: size, ETag: etag, LastModified: lastModified } = found
        return factsOf(key, { size, etag, lastModified })
      }),
    list: (place, { prefix, after }, signal) =>
      askS3(place, 's3:ListBucket', signal, async (client, { ListObjectsV2Command }) => {
        const command = new ListObjectsV2Command({
          Bucket: place.bucket,
          Prefix: prefix,
          Delimiter: '/',
          ...(after === undefined || after === '' ? {} : { StartAfter: after }),
        })
        const page = await client.send(command, { abortSignal: signal })
        const objects = (page.Contents ?? []).flatMap(({ Key, Size, ETag, LastModified }) =>
          Key === undefined ? [] : factsOf(Key, { size: Size, etag: ETag, lastModified: LastModified }),
        )
        return { objects, next: page.IsTruncated === true ? lastKeyOf(page) : undefined }
      }),
    skewMs: () => aws.skewMs(),
  }
}

/** A page ends with a key or with a folder, whichever comes later. */
function lastKeyOf({ Contents = [], CommonPrefixes = [] }: S3Sdk.ListObjectsV2CommandOutput): string {
  const key = Contents.at(-1)?.Key ?? ''
  const folder = CommonPrefixes.at(-1)?.Prefix ?? ''
  return Buffer.compare(Buffer.from(key), Buffer.from(folder)) > 0 ? key : folder
}

function factsOf(key: string, { size, etag, lastModified }: Described): ObjectFacts {
  if (size === undefined || etag === undefined || lastModified === undefined) {
    throw new AppError('aws-failed', { operation: 's3:GetObject', reason: 'an answer without its facts' })
  }
  return { key, size, etag, lastModifiedMs: lastModified.getTime() }
}

/** An answer to HEAD has no body, so that S3 can give no reason but its status. */
function nothingOf404(error: unknown): undefined {
  const status = statusOf(error)
  if (status === 404) return undefined
  if (status === 403) throw new AppError('aws-denied', { action: 's3:GetObject' })
  throw error
}

function statusOf(error: unknown): unknown {
  const metadata: unknown = error instanceof Error && '$metadata' in error ? error.$metadata : undefined
  return typeof metadata === 'object' && metadata !== null
    ? Reflect.get(metadata, 'httpStatusCode')
    : undefined
}
