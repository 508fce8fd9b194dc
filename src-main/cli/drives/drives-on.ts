import type { Drive, S3FilesDrive } from '../../services/drives/drive.ts'

/** Those of `drives` that show a file system. */
export function drivesOn(fileSystemId: string, drives: readonly Drive[]): readonly S3FilesDrive[] {
  return drives.filter(
    (drive): drive is S3FilesDrive =>
      drive.kind === 's3files' && drive.fileSystem.fileSystemId === fileSystemId,
  )
}
