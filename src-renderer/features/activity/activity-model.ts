import type { DriveView, RecentFile } from '../../../src-main/shared/app/snapshot.ts'
import type { UploadInfo } from '../../../src-main/shared/front-protocol.ts'
import { formatBytes, formatCount, formatDuration, formatRate } from '../../lib/format.ts'

export interface UploadItem {
  readonly drive: DriveView
  readonly upload: UploadInfo
}

export interface Activity {
  /** The oldest first: it has waited longest for a person. */
  readonly attention: readonly UploadItem[]
  /** Those that move first, then as they were saved. */
  readonly moving: readonly UploadItem[]
  /** How many more there are than are listed. */
  readonly unlisted: number
  readonly summary: string | undefined
  readonly conflicts: readonly RecentFile[]
  readonly recent: readonly RecentFile[]
}

/** What Activity shows of all drives, or of one. */
export function activityOf(
  drives: readonly DriveView[],
  recent: readonly RecentFile[],
  driveId: string | undefined,
): Activity {
  const shown = drives.filter(({ id }) => driveId === undefined || id === driveId)
  const items = shown.flatMap((drive) => drive.uploadList.map((upload) => ({ drive, upload })))
  const isAttention = ({ upload }: UploadItem): boolean => upload.state === 'attention'
  const files = recent
    .filter((file) => driveId === undefined || file.driveId === driveId)
    .toSorted((one, other) => other.atMs - one.atMs)
  const total = sum(shown, ({ uploads }) => uploads.pending + uploads.attention)
  return {
    attention: items.filter(isAttention).toSorted(byAge),
    moving: items.filter((item) => !isAttention(item)).toSorted(byProgress),
    unlisted: Math.max(0, total - items.length),
    summary: summaryOf(shown),
    conflicts: files.filter(({ what }) => what === 'conflict'),
    recent: files.filter(({ what }) => what !== 'conflict'),
  }
}

function byAge(one: UploadItem, other: UploadItem): number {
  return one.upload.acceptedMs - other.upload.acceptedMs
}

function byProgress(one: UploadItem, other: UploadItem): number {
  const [first, second] = [one, other].map(({ upload }) => (upload.state === 'delivering' ? 0 : 1))
  return (first ?? 0) - (second ?? 0) || byAge(one, other)
}

/** `3 files · 48 MB left · 1.4 MB/s · about 34 s`; nothing while nothing is on its way. */
function summaryOf(drives: readonly DriveView[]): string | undefined {
  const pending = sum(drives, ({ uploads }) => uploads.pending)
  if (pending === 0) return undefined
  const bytes = sum(drives, ({ uploads }) => uploads.pendingBytes)
  const bytesPerSec = sum(drives, ({ uploads }) => uploads.bytesPerSec)
  const rest = [formatCount(pending, 'file', 'files'), `${formatBytes(bytes)} left`]
  if (bytesPerSec < 1) return rest.join(' · ')
  const leftMs = (bytes / bytesPerSec) * 1_000
  return [...rest, formatRate(bytesPerSec), `about ${formatDuration(leftMs)}`].join(' · ')
}

function sum<T>(items: readonly T[], valueOf: (item: T) => number): number {
  return items.reduce((total, item) => total + valueOf(item), 0)
}

/** `12 of 48 MB`, `waiting`, `waiting, tried 3 times` */
export function uploadTextOf({ state, sentBytes, size, attempts }: UploadInfo): string {
  if (state === 'delivering') return `${formatBytes(sentBytes)} of ${formatBytes(size)}`
  const tried = attempts > 0 ? `, tried ${formatCount(attempts, 'time', 'times')}` : ''
  return `${formatBytes(size)}, waiting${tried}`
}

export function recentTextOf({ what, detail }: RecentFile): string {
  switch (what) {
    case 'saved':
      return 'saved on this Mac'
    case 'delivered':
      return 'in S3 Files'
    case 'in-s3':
      return 'in S3'
    case 'conflict':
      return 'both versions kept'
    case 'export-refused':
      return detail === undefined ? 'not taken by S3' : `not taken by S3: ${detail}`
  }
}
