import { AppError, isAppError } from '../../../../shared/errors.ts'
import { passed, untried, type DriveCheck, type DriveFinding } from '../drive-check.ts'
import type { DriveFacts } from '../drive-facts.ts'

export const bucketVersioned: DriveCheck = {
  id: 'bucket-versioned',
  title: 'Versions of the bucket',
  applicable: () => true,
  check: async (facts, signal) => {
    const { bucket } = await facts.fileSystem()
    try {
      return await ask(facts, bucket, signal)
    } catch (error) {
      // Those who only use a drive need not be allowed to look.
      if (isAppError(error, 'aws-denied')) return untried('you may not see the settings of the bucket')
      throw error
    }
  },
}

async function ask(
  { clients, target }: DriveFacts,
  bucket: string,
  signal: AbortSignal,
): Promise<DriveFinding> {
  const call = { action: 's3:GetBucketVersioning', target, signal }
  const status = await clients.s3(call, async (client, { GetBucketVersioningCommand, NoSuchBucket }) => {
    try {
      const command = new GetBucketVersioningCommand({ Bucket: bucket })
      return (await client.send(command, { abortSignal: signal })).Status
    } catch (error) {
      const isMissing =
        error instanceof NoSuchBucket || (error instanceof Error && error.name === 'NoSuchBucket')
      if (isMissing) throw new AppError('bucket-missing', { bucket }, { cause: error })
      throw error
    }
  })
  if (status !== 'Enabled') throw new AppError('bucket-unversioned', { bucket })
  return passed(`${bucket} keeps them`)
}
