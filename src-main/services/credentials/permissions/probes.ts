import type { S3Client } from '@aws-sdk/client-s3'
import type * as S3Sdk from '@aws-sdk/client-s3'
import type { S3FilesClient } from '@aws-sdk/client-s3files'
import type * as S3FilesSdk from '@aws-sdk/client-s3files'

import { AppError } from '../../../shared/errors.ts'
import { readAwsFailure } from '../aws/aws-failure.ts'
import { clientSettings, hostOf, type AwsSettings } from '../aws/client-settings.ts'
import { noteDates, noteDatesStep } from '../aws/clock-skew.ts'
import { translateAwsError } from '../aws/translate-aws-error.ts'
import type { AwsService } from '../ports.ts'
import { sdkCredentials } from '../sessions/secret-credentials.ts'
import type { SessionCredentials } from '../tunnel-identity.ts'

export interface ProbeContext {
  readonly credentials: SessionCredentials
  readonly region: string
  readonly settings: AwsSettings
  readonly signal: AbortSignal
}

/*
 * Harmless calls, one per permission. Each resolves when AWS permitted it, and rejects with the AppError `aws-denied` when it did not,
 * or with what was in the way of an answer.
 */

export function listFileSystems(context: ProbeContext): Promise<void> {
  return askS3Files('s3files:ListFileSystems', context, async (client, { ListFileSystemsCommand }) => {
    await client.send(new ListFileSystemsCommand({ maxResults: 1 }), { abortSignal: context.signal })
  })
}

/** Where the objects of a file system are, as far as AWS says. */
export interface ObjectPlace {
  readonly bucket?: string
  readonly prefix?: string
}

export function getFileSystem(fileSystemId: string, context: ProbeContext): Promise<ObjectPlace> {
  return askS3Files('s3files:GetFileSystem', context, async (client, { GetFileSystemCommand }) => {
    const command = new GetFileSystemCommand({ fileSystemId })
    const { bucket, prefix } = await client.send(command, { abortSignal: context.signal })
    const [, name] = /^arn:[^:]+:s3:::(.+)$/.exec(bucket ?? '') ?? []
    return { ...(name !== undefined && { bucket: name }), ...(prefix !== undefined && { prefix }) }
  })
}

export function listMountTargets(fileSystemId: string, context: ProbeContext): Promise<void> {
  return askS3Files('s3files:ListMountTargets', context, async (client, { ListMountTargetsCommand }) => {
    const command = new ListMountTargetsCommand({ fileSystemId, maxResults: 1 })
    await client.send(command, { abortSignal: context.signal })
  })
}

/** Asks for one metric of the last minutes before `nowMs`, which need not have a value. */
export async function getMetricData(
  fileSystemId: string,
  nowMs: number,
  context: ProbeContext,
): Promise<void> {
  const { CloudWatchClient, GetMetricDataCommand } = await import('@aws-sdk/client-cloudwatch')
  const Metric = {
    Namespace: 'AWS/S3/Files',
    MetricName: 'PendingExports',
    Dimensions: [{ Name: 'FileSystemId', Value: fileSystemId }],
  }
  const command = new GetMetricDataCommand({
    StartTime: new Date(nowMs - 300_000),
    EndTime: new Date(nowMs),
    MetricDataQueries: [{ Id: 'pending', MetricStat: { Metric, Period: 60, Stat: 'Sum' } }],
  })
  const client = new CloudWatchClient(configOf('cloudwatch', context))
  client.middlewareStack.add(noteDates(context.settings.skew), noteDatesStep)
  await ask('cloudwatch', 'cloudwatch:GetMetricData', context, client, async () => {
    await client.send(command, { abortSignal: context.signal })
  })
}

/** Any object there; `undefined` when there is none. Needs `s3:ListBucket`. */
export async function findObject(
  { bucket, prefix }: ObjectPlace,
  context: ProbeContext,
): Promise<{ readonly bucket: string; readonly key: string } | undefined> {
  if (bucket === undefined) return undefined
  return await askS3('s3:ListBucket', context, async (client, { ListObjectsV2Command }) => {
    const command = new ListObjectsV2Command({
      Bucket: bucket,
      MaxKeys: 1,
      ...(prefix !== undefined && { Prefix: prefix }),
    })
    const { Contents } = await client.send(command, { abortSignal: context.signal })
    const key = Contents?.[0]?.Key
    return key === undefined ? undefined : { bucket, key }
  })
}

/** @param object one that is there: of others S3 does not say whether they might be read. */
export async function headObject(
  object: { readonly bucket: string; readonly key: string },
  context: ProbeContext,
): Promise<void> {
  await askS3('s3:GetObject', context, async (client, { HeadObjectCommand }) => {
    const command = new HeadObjectCommand({ Bucket: object.bucket, Key: object.key })
    await client.send(command, { abortSignal: context.signal })
  })
}

async function askS3<T>(
  action: string,
  context: ProbeContext,
  work: (client: S3Client, sdk: typeof S3Sdk) => Promise<T>,
): Promise<T> {
  const sdk = await import('@aws-sdk/client-s3')
  const config = configOf('s3', context)
  // A stand-in for S3 has one name, and not one for each bucket.
  const client = new sdk.S3Client({ ...config, forcePathStyle: config.endpoint !== undefined })
  client.middlewareStack.add(noteDates(context.settings.skew), noteDatesStep)
  return await ask('s3', action, context, client, () => work(client, sdk))
}

async function askS3Files<T>(
  action: string,
  context: ProbeContext,
  work: (client: S3FilesClient, sdk: typeof S3FilesSdk) => Promise<T>,
): Promise<T> {
  const sdk = await import('@aws-sdk/client-s3files')
  const client = new sdk.S3FilesClient(configOf('s3files', context))
  client.middlewareStack.add(noteDates(context.settings.skew), noteDatesStep)
  return await ask('s3files', action, context, client, () => work(client, sdk))
}

function configOf(service: AwsService, { credentials, region, settings }: ProbeContext) {
  return { ...clientSettings(service, settings), region, credentials: sdkCredentials(credentials) }
}

async function ask<T>(
  service: AwsService,
  action: string,
  { region, settings, signal }: ProbeContext,
  client: { destroy(): void },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    signal.throwIfAborted()
    // An answer to HEAD has no body, so that S3 can give no reason; the credentials themselves were tried before.
    if (service === 's3' && readAwsFailure(error).status === 403) throw new AppError('aws-denied', { action })
    throw translateAwsError(error, { action, host: hostOf(service, region, settings) }, settings.skew)
  } finally {
    client.destroy()
  }
}
