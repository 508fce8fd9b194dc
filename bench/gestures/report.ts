import { textTable } from '../lib/text-table.ts'
import type { Gesture } from './gestures/gesture.ts'
import type { Results } from './results.ts'
import type { Server } from './servers/server.ts'

export interface ReportInput {
  readonly gestures: readonly Gesture[]
  /** Ours first. */
  readonly servers: readonly Server[]
  readonly results: Results
}

const heading = [
  '',
  'seconds',
  '±',
  '× ours',
  'calls waited for',
  'calls in all',
  'delivered after, s',
  'requests',
]
const align = ['left', 'right', 'right', 'right', 'right', 'right', 'right', 'right'] as const

/** One aligned table per gesture: every server's seconds with their ratio to ours, and what they asked of the files. */
export function gestureLines(gesture: Gesture, { servers, results }: ReportInput): readonly string[] {
  const ours = servers[0] && results.figures(servers[0].id, gesture.id)
  const rows = servers.map(({ id, label }) => {
    const figures = results.figures(id, gesture.id)
    if (figures === undefined) return [label, results.failure(id, gesture.id) === undefined ? '–' : 'failed']
    const { seconds, waitedCalls, totalCalls, deliveredSeconds, requests } = figures
    const ratio = ours === undefined ? '' : (seconds / ours.seconds).toFixed(2)
    const counts = [waitedCalls, totalCalls].map(String)
    return [
      label,
      formatSeconds(seconds),
      `${Math.round(results.spread(id, gesture.id) * 100)}%`,
      ratio,
      ...counts,
      formatSeconds(deliveredSeconds),
      requests === 0 ? '–' : String(requests),
    ]
  })
  return [gesture.title, ...textTable([heading, ...rows], align).map((line) => `  ${line}`)]
}

/** The targets with what we reached. */
export function targetLines({ gestures, servers, results }: ReportInput): readonly string[] {
  const ours = servers[0]
  const rows = gestures.flatMap(({ id, title, target }) => {
    if (target === undefined || ours === undefined) return []
    const figures = results.figures(ours.id, id)
    if (figures === undefined)
      return [[title, target.text, results.failure(ours.id, id) ?? '–', 'not measured']]
    const isReached = target.isReached(figures, results.breakdown(ours.id, id))
    return [[title, target.text, target.measured(figures), isReached ? 'yes' : 'NO']]
  })
  if (rows.length === 0) return []
  return textTable([['Targets', 'aim', 'Mountbar', 'reached'], ...rows], ['left', 'left', 'left', 'left'])
}

/** One sentence for each figure that was tried and is not there. */
export function failureLines({ gestures, servers, results }: ReportInput): readonly string[] {
  return servers.flatMap(({ id, label }) =>
    gestures.flatMap((gesture) => {
      const reason = results.failure(id, gesture.id)
      return reason === undefined ? [] : [`${label} failed ${gesture.id}: ${reason}`]
    }),
  )
}

export function formatSeconds(seconds: number): string {
  return seconds >= 10 ? seconds.toFixed(1) : seconds.toFixed(3)
}
