import { atLeast, atMost, type Aim } from './aim.ts'
import type { PeerId } from './peers/peer.ts'

/** How a row's values are written. */
export type Unit = 'ms' | 'per-second' | 'MB/s' | 'MB' | 's' | 'µs'

export const rowIds = [
  'propfind-10-cold',
  'propfind-10-warm',
  'propfind-1000-cold',
  'propfind-1000-warm',
  'propfind-10000-cold',
  'propfind-10000-warm',
  'propfind-10000-first',
  'listing-mb-macos',
  'listing-mb-standard',
  'propfind-10000-rss',
  'get-4k',
  'get-4k-hot',
  'get-big',
  'range',
  'put-4k',
  'put-big',
  'put-big-chunked',
  'rss-idle',
  'rss-after',
  'get-4k-cpu',
  'put-4k-cpu',
  'get-big-cpu',
  'put-big-cpu',
  'cpu-total',
] as const
/** Whose values a measurement gives. */
export type RowId = (typeof rowIds)[number]

/** One line of the table. */
export interface Row {
  readonly id: RowId
  readonly title: string
  readonly unit: Unit
  /** What we want to reach; none where a figure is there to explain others. */
  readonly aim?: Aim
  /** Which of our two servers stands in our column. */
  readonly ours: PeerId
}

const durable = 'mountbar'
const notDurable = 'mountbar-no-fsync'

/** @param bigFile what the size of the big file is called, e.g. `1 GiB`. */
export function tableRows(bigFile: string): readonly Row[] {
  const anyFigure = atMost({ peer: 'rclone' })
  return [
    row('propfind-10-cold', 'PROPFIND 1, 10 files, cold', 'ms', anyFigure),
    row('propfind-10-warm', 'PROPFIND 1, 10 files, within TTL', 'ms', anyFigure),
    row('propfind-1000-cold', 'PROPFIND 1, 1,000 files, cold', 'ms', atMost({ peer: 'apache', times: 2 })),
    row('propfind-1000-warm', 'PROPFIND 1, 1,000 files, within TTL', 'ms', atMost({ peer: 'nginx' })),
    row('propfind-10000-cold', 'PROPFIND 1, 10,000 files, cold', 'ms', atMost({ peer: 'apache', times: 2 })),
    row('propfind-10000-warm', 'PROPFIND 1, 10,000 files, within TTL', 'ms', atMost({ peer: 'nginx' })),
    row('propfind-10000-first', '… first request of a new server', 'ms'),
    row('listing-mb-macos', '… its body, to macOS', 'MB', atMost({ value: 2.5 })),
    row('listing-mb-standard', '… its body, to other clients', 'MB'),
    row('propfind-10000-rss', '… peak RSS of a new server', 'MB', atMost({ value: 110 })),
    row('get-4k', 'GET 4 KB, 256 files, 8 connections', 'per-second', atLeast({ peer: 'rclone' })),
    row('get-4k-hot', 'GET 4 KB, one file, 8 connections', 'per-second', atLeast({ peer: 'rclone' })),
    row('get-big', `GET ${bigFile}`, 'MB/s', atLeast({ peer: 'rclone', times: 1.2 })),
    row('range', `1 MiB range in ${bigFile}`, 'ms', atMost({ value: 1 })),
    row('put-4k', 'PUT 4 KB, 8 connections', 'per-second', atLeast({ peer: 'rclone' })),
    row('put-4k', '… ours without fsync, as rclone', 'per-second', atLeast({ peer: 'rclone' }), notDurable),
    row('put-big', `PUT ${bigFile}, Content-Length`, 'MB/s', atLeast({ peer: 'apache' })),
    row('put-big', '… ours without fsync', 'MB/s', atLeast({ peer: 'apache' }), notDurable),
    row('put-big-chunked', `PUT ${bigFile}, chunked`, 'MB/s', atLeast({ peer: 'apache' })),
    row('put-big-chunked', '… ours without fsync', 'MB/s', atLeast({ peer: 'apache' }), notDurable),
    row('rss-idle', 'RSS idle', 'MB', atMost({ value: 60 })),
    row('rss-after', 'RSS after the run', 'MB', atMost({ value: 110 })),
    row('get-4k-cpu', 'CPU per GET 4 KB', 'µs'),
    row('put-4k-cpu', 'CPU per PUT 4 KB', 'µs'),
    row('get-big-cpu', `CPU per GET ${bigFile}`, 's'),
    row('put-big-cpu', `CPU per PUT ${bigFile}`, 's'),
    row('cpu-total', 'CPU, whole run', 's'),
  ]
}

function row(id: RowId, title: string, unit: Unit, aim?: Aim, ours: PeerId = durable): Row {
  return { id, title, unit, ours, ...(aim === undefined ? {} : { aim }) }
}
