import type { Drive } from '../../services/drives/drive.ts'
import type { DriveView, SourceView, VitalsView } from '../../shared/app/snapshot.ts'
import type { AppDrive } from '../drives/app-drive.ts'
import type { DriveRecord } from '../drives/drive-looker.ts'
import { troubleOf } from './trouble.ts'

/** What an S3 Files drive may take of this machine's disk, where nobody chose otherwise; a folder's is as near as a cache would be. */
const usualCacheBytes = 5 * 1024 ** 3
const usualSpoolBytes = 20 * 1024 ** 3

export interface DriveViewParts {
  readonly record: DriveRecord
  readonly vitals: VitalsView
  readonly mountPoint: string
  readonly bucket: { readonly name: string; readonly prefix: string } | undefined
  readonly defaultProfile: string | undefined
}

export function driveViewOf(appDrive: AppDrive, parts: DriveViewParts): DriveView {
  const { drive, state, failure } = appDrive
  const { record, vitals, mountPoint, bucket, defaultProfile } = parts
  const { totals, uploads, trouble } = record
  return {
    id: drive.id,
    name: drive.name,
    source: sourceOf(drive, bucket),
    mountPoint: state.kind === 'mounted' ? state.path : mountPoint,
    state,
    trouble: troubleOf({
      drive,
      state,
      failure,
      bridgeTrouble: trouble,
      attention: uploads.find((upload) => upload.state === 'attention')?.error,
      defaultProfile,
    }),
    readOnly: drive.readOnly,
    autoMount: drive.autoMount ?? false,
    writeMode: drive.writeMode,
    contentCacheBytes: drive.contentCacheBytes ?? (drive.kind === 's3files' ? usualCacheBytes : 0),
    spoolMaxBytes: drive.spoolMaxBytes ?? usualSpoolBytes,
    vitals,
    uploads: totals,
    uploadList: uploads,
  }
}

function sourceOf(drive: Drive, bucket: DriveViewParts['bucket']): SourceView {
  if (drive.kind === 'sandbox') return { kind: 'sandbox', dir: drive.sourceDir }
  const { fileSystemId, region, remotePath, profile } = drive.fileSystem
  return { kind: 's3files', fileSystemId, region, remotePath, profile, bucket }
}
