import { AppError } from '../../../shared/errors.ts'
import type { BucketFacts } from '../aws/bucket-facts.ts'

/**
 * Whether S3 Files can use a bucket that is there.
 * @param chosenKey the ARN that somebody gave for it.
 * @returns the ARN of its key where it has one that the stack has to know.
 * @throws AppError `bucket-elsewhere`, `bucket-unversioned`, `bucket-encryption`.
 */
export function checkBucket(
  bucket: string,
  { region, isVersioned, encryption, kmsKey }: BucketFacts,
  wantedRegion: string,
  chosenKey?: string,
): string | undefined {
  if (region !== wantedRegion)
    throw new AppError('bucket-elsewhere', { bucket, region, wanted: wantedRegion })
  if (!isVersioned) throw new AppError('bucket-unversioned', { bucket })
  if (encryption !== 'aws:kms' && encryption !== 'AES256')
    throw new AppError('bucket-encryption', { bucket, kind: encryption })
  if (chosenKey !== undefined || encryption === 'AES256') return chosenKey
  // AWS's own key needs nobody's permission.
  if (kmsKey === undefined || kmsKey.includes('alias/aws/s3')) return undefined
  if (/^arn:aws[a-z-]*:kms:[^:]+:\d{12}:key\//.test(kmsKey)) return kmsKey
  const wanted = 'given as the ARN of the key (arn:aws:kms:…:key/…), because the bucket names it otherwise'
  throw new AppError('stack-choice-invalid', { choice: 'the KMS key', wanted })
}
