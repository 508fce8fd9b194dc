import { forEachInWindow } from '../../../lib/for-each-in-window.ts'
import type { FileSystemChoice } from '../../../shared/app/answers.ts'
import type { S3Files } from '../aws/s3files.ts'
import type { AwsTarget } from '../stack.ts'

/** Questions to AWS at the same time. */
const atOnce = 8

/**
 * All file systems of a region, in whatever state, those that can be opened first. A prefix that AWS does not want to tell is left empty.
 * @throws AppError when they may not be listed.
 */
export async function listFileSystems(
  target: AwsTarget,
  s3Files: S3Files,
  signal: AbortSignal,
): Promise<readonly FileSystemChoice[]> {
  const all = await s3Files.fileSystems(target, signal)
  const choices = new Map<string, FileSystemChoice>()
  await forEachInWindow(all, atOnce, async ({ fileSystemId, name, bucket, status, statusMessage }) => {
    const prefix = await prefixOf(fileSystemId, target, s3Files, signal)
    choices.set(fileSystemId, { fileSystemId, name, bucket, prefix, status, statusMessage })
  })
  return [...choices.values()].sort(
    (left, right) =>
      Number(right.status === 'available') - Number(left.status === 'available') ||
      (left.name ?? left.bucket).localeCompare(right.name ?? right.bucket) ||
      left.fileSystemId.localeCompare(right.fileSystemId),
  )
}

async function prefixOf(
  fileSystemId: string,
  target: AwsTarget,
  s3Files: S3Files,
  signal: AbortSignal,
): Promise<string> {
  try {
    return (await s3Files.fileSystem(target, fileSystemId, signal)).prefix
  } catch {
    signal.throwIfAborted()
    return ''
  }
}
