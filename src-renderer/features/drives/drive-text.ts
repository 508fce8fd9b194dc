import type {
  DriveView,
  Fix,
  SourceView,
  SyncView,
  TroubleView,
} from '../../../src-main/shared/app/snapshot.ts'
import type { DriveState, PreparingStep } from '../../../src-main/shared/drive-state.ts'
import { formatBytes, formatCount, formatDuration, formatLatency, formatPath } from '../../lib/format.ts'

export type Tone = 'idle' | 'busy' | 'good' | 'warning' | 'error'

export interface StateText {
  readonly text: string
  readonly tone: Tone
  /** Of the steps that this kind of drive has. */
  readonly progress?: { readonly step: number; readonly of: number }
}

const stepTexts: Readonly<Record<PreparingStep, string>> = {
  checking: 'Checking what is there',
  'preparing-image': 'Preparing the bridge, the first time takes a minute',
  'starting-bridge': 'Starting the bridge',
  connecting: 'Connecting to S3 Files',
  'starting-front': 'Starting the drive',
  mounting: 'Mounting the volume',
}

const stepsOf: Readonly<Record<SourceView['kind'], readonly PreparingStep[]>> = {
  sandbox: ['checking', 'starting-front', 'mounting'],
  s3files: ['checking', 'preparing-image', 'starting-bridge', 'connecting', 'starting-front', 'mounting'],
}

/** What a drive is doing, in words. */
export function stateTextOf({ state, source, readOnly, uploads }: DriveView): StateText {
  switch (state.kind) {
    case 'unmounted':
      return { text: 'Not mounted', tone: 'idle' }
    case 'preparing': {
      const steps = stepsOf[source.kind]
      const step = Math.max(1, steps.indexOf(state.step) + 1)
      return { text: stepTexts[state.step], tone: 'busy', progress: { step, of: steps.length } }
    }
    case 'mounted':
      if (state.degraded === 'front-stalled')
        return { text: 'Mounted, waiting for an answer', tone: 'warning' }
      if (state.degraded === 'front-down') return { text: 'Mounted, starting again', tone: 'warning' }
      return { text: readOnly ? 'Mounted, read-only' : 'Mounted', tone: 'good' }
    case 'unmounting':
      return { text: 'Unmounting', tone: 'busy' }
    case 'delivering':
      return { text: `Delivering ${leftText(uploads.pending, uploads.pendingBytes)}`, tone: 'busy' }
    case 'failed':
      return { text: 'Could not be mounted', tone: 'error' }
  }
}

function leftText(pending: number, bytes: number): string {
  return pending === 0 ? 'what was saved' : `${formatCount(pending, 'file', 'files')}, ${formatBytes(bytes)}`
}

/** Where a drive's files are. */
export function sourceTextOf(source: SourceView): string {
  if (source.kind === 'sandbox') return formatPath(source.dir)
  const { bucket, fileSystemId, remotePath, region } = source
  const place = bucket === undefined ? fileSystemId : joined(bucket.name, bucket.prefix)
  return `${joined(place, remotePath)} · ${region}`
}

function joined(...parts: readonly string[]): string {
  return parts.flatMap((part) => part.split('/').filter(Boolean)).join('/')
}

/** What is wrong with a drive. One that failed says why even where nobody has thought of a way out but to try again. */
export function troubleOf({ id, state, trouble }: DriveView): TroubleView | undefined {
  if (trouble !== undefined) return trouble
  if (state.kind !== 'failed') return undefined
  const fix: Fix = { kind: 'mount', driveId: id }
  return { error: state.error, fix }
}

export interface SyncText {
  readonly lag: string
  /** Empty where there is nothing to say, and so is `oldest`. */
  readonly pending: string
  readonly oldest: string
}

export function syncTextOf({ lastLagMs, pending, oldestMs }: SyncView): SyncText {
  const lag = lastLagMs === undefined ? undefined : `in S3 after ${formatDuration(lastLagMs)}`
  if (pending === 0) {
    return { lag: lag ?? 'nothing saved yet', pending: lag === undefined ? '' : 'all in S3', oldest: '' }
  }
  const onTheirWay = `${formatCount(pending, 'file', 'files')} on ${pending === 1 ? 'its' : 'their'} way`
  return { lag: lag ?? 'first export', pending: onTheirWay, oldest: formatDuration(oldestMs) }
}

/** The sparkline for those who do not see it. */
export function historyTextOf(history: readonly (number | null)[]): string {
  const samples = history.filter((sample) => sample !== null)
  if (samples.length === 0) return 'Latency of the last 15 minutes: not measured yet'
  const [least, most] = [Math.min(...samples), Math.max(...samples)].map(formatLatency)
  return `Latency of the last 15 minutes: ${least} to ${most}`
}

/** Whether the volume is there to be opened. */
export function isMounted(state: DriveState): boolean {
  return state.kind === 'mounted'
}

/** What removing a drive would throw away, and what it would not. */
export function removalTextOf({ source, uploads }: DriveView): string {
  const kept = source.kind === 'sandbox' ? 'The folder and its files stay.' : 'Its files stay in S3.'
  const waiting = uploads.pending + uploads.attention
  if (waiting === 0) return `It leaves the list. ${kept}`
  const files = formatCount(waiting, 'file that was', 'files that were')
  return `${files} saved to it ${waiting === 1 ? 'has' : 'have'} not been delivered, and would be lost for good. ${kept}`
}
