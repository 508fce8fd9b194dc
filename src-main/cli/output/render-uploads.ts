import type { DriveUploads } from '../../services/drives/drive-uploads.ts'
import type { Drive } from '../../services/drives/drive.ts'
import type { UploadInfo, UploadTotals } from '../../shared/front-protocol.ts'
import { messageFor } from '../../shared/messages.ts'
import { formatBytes, formatCount, formatDuration } from '../../lib/format.ts'
import { renderTable } from './table.ts'
import type { Terminal } from './terminal.ts'

type Colours = Pick<Terminal, 'bold' | 'dim' | 'yellow' | 'red'>

/** The uploads of one drive, running or left behind. */
export interface ListedUploads {
  readonly drive: Drive
  readonly found: DriveUploads
}

/** One line per upload, then what they come to. */
export function renderUploads(all: readonly ListedUploads[], nowMs: number, colours: Colours): string[] {
  const rows = all.flatMap((listed) => rowsOf(listed, nowMs, colours))
  const notes = all.flatMap(({ drive, found }) => notesOf(drive, found))
  const head = ['ID', 'DRIVE', 'FILE', 'SIZE', 'AGE', 'STATE'].map(colours.dim)
  const table = rows.length === 0 ? [] : [...renderTable([head, ...rows]), '']
  return [...table, renderTotals(all), ...notes]
}

function rowsOf({ drive, found }: ListedUploads, nowMs: number, colours: Colours): string[][] {
  const start = (upload: Pick<UploadInfo, 'id' | 'path' | 'size' | 'acceptedMs'>): string[] => [
    String(upload.id),
    drive.name,
    upload.path,
    formatBytes(upload.size),
    formatDuration(Math.max(0, nowMs - upload.acceptedMs)),
  ]
  if (found.kind === 'running') {
    return found.report.uploads.map((upload) => [...start(upload), stateOf(upload, colours)])
  }
  return found.kept.uploads.map((upload) => [
    ...start(upload),
    upload.error === undefined
      ? colours.dim('waits for the next mount')
      : colours.red(`needs attention: ${messageFor(upload.error).title}`),
  ])
}

function stateOf(
  { state, size, sentBytes, attempts, error }: UploadInfo,
  { dim, yellow, red }: Colours,
): string {
  const problem = error === undefined ? '' : messageFor(error).title
  switch (state) {
    case 'attention':
      return red(`needs attention: ${problem}`)
    case 'delivering':
      return size === 0 ? 'delivering' : `delivering ${Math.floor((sentBytes * 100) / size)} %`
    case 'waiting':
      return error === undefined
        ? dim('waiting')
        : yellow(`waiting: ${problem}, ${formatCount(attempts, 'attempt')}`)
  }
}

/** What a user must know beyond the table: lists that were cut, drives that have to be mounted first. */
function notesOf({ name }: Drive, found: DriveUploads): string[] {
  if (found.kind === 'running') {
    const { uploads, totals } = found.report
    const hidden = totals.pending + totals.attention - uploads.length
    return hidden <= 0 ? [] : [`${formatCount(hidden, 'more upload')} of “${name}” not shown.`]
  }
  const { count, uploads } = found.kept
  if (count === 0) return []
  const unreadable = uploads.length === 0 ? ' Their list cannot be read right now.' : ''
  return [
    `“${name}” is not mounted: ${formatCount(count, 'upload waits', 'uploads wait')} on this machine. \`mountbar mount "${name}"\` delivers.${unreadable}`,
  ]
}

function renderTotals(all: readonly ListedUploads[]): string {
  let [pending, bytes, attention, kept, bytesPerSec] = [0, 0, 0, 0, 0]
  for (const { found } of all) {
    if (found.kind === 'kept') {
      kept += found.kept.count
      bytes += found.kept.bytes
    } else {
      const { totals } = found.report
      pending += totals.pending
      bytes += totals.pendingBytes
      attention += totals.attention
      bytesPerSec += totals.bytesPerSec
    }
  }
  if (pending + attention + kept === 0) return 'Everything that was saved has been delivered.'
  return [
    `${formatCount(pending, 'upload')} on the way`,
    formatBytes(bytes),
    ...(bytesPerSec === 0 ? [] : [`${formatBytes(Math.round(bytesPerSec))}/s`]),
    ...(kept === 0 ? [] : [`${formatCount(kept, 'waits', 'wait')} for a mount`]),
    ...(attention === 0 ? [] : [`${formatCount(attention, 'needs', 'need')} attention`]),
  ].join(' · ')
}

/** What a front still has to deliver, in one line: how much, how fast, how old, and what is in the way. */
export function renderDelivery({
  uploads,
  totals,
}: {
  readonly uploads: readonly UploadInfo[]
  readonly totals: UploadTotals
}): string {
  const { pending, pendingBytes, bytesPerSec, oldestAgeMs } = totals
  const error = uploads.find(({ state, error: found }) => state !== 'attention' && found !== undefined)?.error
  return [
    formatCount(pending, 'file'),
    formatBytes(pendingBytes),
    `${formatBytes(Math.round(bytesPerSec))}/s`,
    `oldest ${formatDuration(oldestAgeMs)}`,
    ...(error === undefined ? [] : [messageFor(error).title]),
  ].join(' · ')
}
