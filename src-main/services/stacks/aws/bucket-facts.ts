import type * as S3Sdk from '@aws-sdk/client-s3'
import type { S3Client } from '@aws-sdk/client-s3'

import { AppError } from '../../../shared/errors.ts'
import type { AwsTarget } from '../stack.ts'
import type { Clients } from './clients.ts'

export interface BucketFacts {
  readonly region: string
  readonly isVersioned: boolean
  /** `AES256`, `aws:kms`, `aws:kms:dsse`; new objects get it unless their writer says otherwise. */
  readonly encryption: string
  /** With `aws:kms`, as the bucket names it; absent for the key of AWS. */
  readonly kmsKey?: string
}

/**
 * What S3 says of a bucket, with three harmless calls.
 * @throws AppError `bucket-missing`, `aws-denied`, or what a network does.
 */
export async function readBucketFacts(
  bucket: string,
  { clients, target }: { readonly clients: Clients; readonly target: AwsTarget },
  signal: AbortSignal,
): Promise<BucketFacts> {
  const ask = <T>(
    action: string,
    region: string,
    work: (client: S3Client, sdk: typeof S3Sdk) => Promise<T>,
  ): Promise<T> => clients.s3({ action, target: { ...target, region }, signal }, work)

  const region = await ask('s3:ListBucket', target.region, async (client, { HeadBucketCommand }) => {
    const answer = client.send(new HeadBucketCommand({ Bucket: bucket }), { abortSignal: signal })
    // A bucket of another region is answered with a redirect, which the SDK makes an error of; it says where to.
    const { BucketRegion } = await answer.catch((error: unknown) => ({
      BucketRegion: regionIn(error, bucket),
    }))
    return BucketRegion ?? target.region
  })
  if (region !== target.region) return { region, isVersioned: false, encryption: '' }
  const isVersioned = await ask('s3:GetBucketVersioning', region, async (client, sdk) => {
    const command = new sdk.GetBucketVersioningCommand({ Bucket: bucket })
    return (await client.send(command, { abortSignal: signal })).Status === 'Enabled'
  })
  const encryption = await ask('s3:GetEncryptionConfiguration', region, async (client, sdk) => {
    const command = new sdk.GetBucketEncryptionCommand({ Bucket: bucket })
    const { ServerSideEncryptionConfiguration: found } = await client.send(command, { abortSignal: signal })
    const { SSEAlgorithm = 'AES256', KMSMasterKeyID } =
      found?.Rules?.[0]?.ApplyServerSideEncryptionByDefault ?? {}
    return { encryption: SSEAlgorithm, ...(KMSMasterKeyID !== undefined && { kmsKey: KMSMasterKeyID }) }
  })
  return { region, isVersioned, ...encryption }
}

function regionIn(error: unknown, bucket: string): string {
  if (!(error instanceof Error)) throw error
  const { status, headers } = answerOf(error)
  if (status === 404) throw new AppError('bucket-missing', { bucket }, { cause: error })
  if (status === 403) {
    const { name } = error
    throw new AppError('aws-denied', { action: 's3:ListBucket' }, { cause: new Error(name) })
  }
  const region = headers['x-amz-bucket-region']
  if (region === undefined) throw error
  return region
}

function answerOf(error: Error): {
  readonly status?: unknown
  readonly headers: Readonly<Record<string, string>>
} {
  const status: unknown = '$metadata' in error ? Reflect.get(error.$metadata as object, 'httpStatusCode') : 0
  const response: unknown = '$response' in error ? error.$response : undefined
  const headers: unknown =
    typeof response === 'object' && response !== null ? Reflect.get(response, 'headers') : undefined
  return { status, headers: (headers ?? {}) as Readonly<Record<string, string>> }
}
