import { textTable } from '../lib/text-table.ts'
import { aimText, judge, type Verdict } from './aim.ts'
import type { Peer, PeerId } from './peers/peer.ts'
import type { Results } from './results.ts'
import type { Row, Unit } from './rows.ts'

export interface ReportInput {
  readonly rows: readonly Row[]
  /** The columns, ours first; measured or not. */
  readonly peers: readonly Peer[]
  readonly results: Results
}

const verdictText: Record<Verdict, string> = { reached: 'yes', missed: 'NO', unknown: 'not measured' }

/** The aligned table: our figure with its spread, each peer's with its ratio to ours, our aim and whether it is reached. */
export function reportLines({ rows, peers, results }: ReportInput): readonly string[] {
  const others = peers.filter(({ id }) => !isOurs(id))
  const labelOf = (id: PeerId) => peers.find((peer) => peer.id === id)?.label ?? id
  const heading = ['', 'Mountbar', ...others.map(({ label }) => label), 'our aim', 'reached']
  const lines = rows.map((row) => {
    const figureOf = (peer: PeerId) => results.figure(peer, row.id)?.value
    const verdict = row.aim === undefined ? '' : verdictText[judge(row.aim, figureOf(row.ours), figureOf)]
    return [
      `${row.title}, ${unitText[row.unit]}`,
      ourCell(row, results),
      ...others.map(({ id }) => peerCell(row, id, results)),
      row.aim === undefined ? '' : aimText(row.aim, labelOf),
      verdict,
    ]
  })
  return textTable(
    [heading, ...lines],
    ['left', 'right', ...others.map(() => 'right' as const), 'left', 'left'],
  )
}

/** One sentence for every figure that was tried and is not there. */
export function failureLines({ rows, peers, results }: ReportInput): readonly string[] {
  const reasons = peers.flatMap(({ id, label }) =>
    rows.flatMap((row) => {
      const reason = results.failure(id, row.id)
      return reason === undefined ? [] : [`${label} failed ${row.id}: ${reason}`]
    }),
  )
  return [...new Set(reasons)]
}

/** `figure` as people read it: three digits that count, thousands apart. */
export function formatFigure(figure: number, unit: Unit): string {
  if (unit === 'per-second' || unit === 'MB/s' || figure >= 100)
    return Math.round(figure).toLocaleString('en-US')
  return figure >= 10 ? figure.toFixed(1) : figure.toFixed(2)
}

const unitText: Record<Unit, string> = {
  ms: 'ms',
  'per-second': '1/s',
  'MB/s': 'MB/s',
  MB: 'MB',
  s: 's',
  µs: 'µs',
}

function ourCell(row: Row, results: Results): string {
  const figure = results.figure(row.ours, row.id)
  if (figure === undefined) return absent(row.ours, row, results)
  const percent = Math.round(figure.spread * 100)
  return `${formatFigure(figure.value, row.unit)} ±${String(percent).padStart(2)}%`
}

function peerCell(row: Row, peer: PeerId, results: Results): string {
  const figure = results.figure(peer, row.id)
  if (figure === undefined) return absent(peer, row, results)
  const ours = results.figure(row.ours, row.id)
  const text = formatFigure(figure.value, row.unit)
  return ours === undefined ? text : `${text} ×${(figure.value / ours.value).toFixed(2)}`
}

function absent(peer: PeerId, row: Row, results: Results): string {
  return results.failure(peer, row.id) === undefined ? '–' : 'failed'
}

function isOurs(id: PeerId): boolean {
  return id === 'mountbar' || id === 'mountbar-no-fsync'
}
