import type { ReactNode } from 'react'

import type { LatencyView, SyncView, VitalsView } from '../../../src-main/shared/app/snapshot.ts'
import { Icon } from '../../components/icon.tsx'
import { SparklineGraph } from '../../components/sparkline-graph.tsx'
import { formatLatency, formatRate } from '../../lib/format.ts'
import { historyTextOf, syncTextOf } from './drive-text.ts'

/** Every number has a place of fixed width: nothing moves when it ticks. */
export function DriveVitals({ vitals }: { vitals: VitalsView }): ReactNode {
  return (
    <div className="vitals">
      <div className="vitals-line">
        <Latency latency={vitals.latency} />
        <span className="vitals-rates">
          <Rate icon="up" what="Writing" bytesPerSec={vitals.bytesInPerSec} />
          <Rate icon="down" what="Reading" bytesPerSec={vitals.bytesOutPerSec} />
        </span>
      </div>
      {vitals.sync !== undefined && <SyncLag sync={vitals.sync} />}
    </div>
  )
}

function Latency({ latency }: { latency: LatencyView | undefined }): ReactNode {
  return (
    <span className="latency">
      <SparklineGraph samples={latency?.history ?? []} label={historyTextOf(latency?.history ?? [])} />
      <span className="latency-numbers">
        <span className="latency-p50">
          <span className="sr-only">Latency: half of all answers within </span>
          {latency === undefined ? '–' : formatLatency(latency.p50Ms)}
        </span>
        <span className="latency-p95">
          <span aria-hidden="true">p95 </span>
          <span className="sr-only">, 95 of 100 within </span>
          {latency === undefined ? '–' : formatLatency(latency.p95Ms)}
        </span>
      </span>
    </span>
  )
}

function Rate({
  icon,
  what,
  bytesPerSec,
}: {
  icon: 'up' | 'down'
  what: string
  bytesPerSec: number
}): ReactNode {
  if (bytesPerSec < 1) return null
  return (
    <span className="rate">
      <Icon name={icon} />
      <span className="sr-only">{what} </span>
      <span className="rate-number">{formatRate(bytesPerSec)}</span>
    </span>
  )
}

function SyncLag({ sync }: { sync: SyncView }): ReactNode {
  const { lag, pending, oldest } = syncTextOf(sync)
  return (
    <p className="sync">
      <span className="sync-part">
        <Icon name="cloud" />
        <span className="sr-only">Sync lag: </span>
        {lag}
      </span>{' '}
      {pending !== '' && (
        <span className="sync-part">
          {pending}
          {oldest !== '' && (
            <>
              <span>· oldest</span> <span className="sync-oldest">{oldest}</span>
            </>
          )}
        </span>
      )}{' '}
      {sync.isSimulated && (
        <span className="tag" title="A Sandbox has a folder in place of a bucket, with S3 Files’ timing">
          simulated
        </span>
      )}
    </p>
  )
}
