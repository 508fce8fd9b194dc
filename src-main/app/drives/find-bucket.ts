import type { FileSystem } from '../../services/drives/drive.ts'
import type { S3Files } from '../../services/stacks/aws/s3files.ts'
import type { AwsTarget } from '../../services/stacks/stack.ts'
import type { BucketFacts } from '../parts.ts'

/** @throws AppError when AWS tells nothing of the file system itself. */
export async function findBucket(
  { fileSystemId, accessPointId }: Pick<FileSystem, 'fileSystemId' | 'accessPointId'>,
  target: AwsTarget,
  s3Files: Pick<S3Files, 'fileSystem' | 'accessPoints'>,
  signal: AbortSignal,
): Promise<BucketFacts> {
  const rootOf = async (): Promise<string | undefined> => {
    if (accessPointId === undefined) return '/'
    // It is a permission of its own, and only something to know better by.
    const all = await s3Files.accessPoints(target, fileSystemId, signal).catch(() => [])
    return all.find((one) => one.accessPointId === accessPointId)?.folder
  }
  const [{ bucket: name, prefix }, rootDirectory] = await Promise.all([
    s3Files.fileSystem(target, fileSystemId, signal),
    rootOf(),
  ])
  return { name, prefix, rootDirectory }
}
