import type { MachineFacts } from '../lib/machine.ts'
import type { Presence } from '../protocol/peers/peer.ts'
import type { ReportInput } from './report.ts'
import type { Server } from './servers/server.ts'

/** Our own figures in one line, for programs that follow them. A gesture that failed is not in it. */
export function ourLine({ gestures, servers, results }: ReportInput): string {
  const ours = servers[0]
  const measured = gestures.flatMap(({ id: gesture }) => {
    const figures = ours && results.figures(ours.id, gesture)
    if (figures === undefined) return []
    const { waitedCalls, totalCalls, seconds } = figures
    return [{ gesture, waitedCalls, totalCalls, seconds: Number(seconds.toFixed(6)) }]
  })
  return JSON.stringify({ gestures: measured })
}

export interface FullReport extends ReportInput {
  readonly date: Date
  readonly machine: MachineFacts
  readonly delayMs: number
  readonly presences: ReadonlyMap<Server, Presence>
}

/** Everything that was measured, round by round, for programs that compare runs. */
export function fullDocument({
  date,
  machine,
  delayMs,
  presences,
  gestures,
  servers,
  results,
}: FullReport): object {
  return {
    date: date.toISOString(),
    machine,
    delayMs,
    servers: [...presences].map(([{ id, label }, presence]) => ({ id, label, ...presence })),
    gestures: gestures.map(({ id: gesture, title, target }) => ({
      gesture,
      title,
      ...(target === undefined ? {} : { target: target.text }),
      servers: servers.map(({ id }) => {
        const figures = results.figures(id, gesture)
        return {
          server: id,
          ...figures,
          failure: results.failure(id, gesture),
          ...(figures === undefined || target === undefined
            ? {}
            : { reached: target.isReached(figures, results.breakdown(id, gesture)) }),
          rounds: results.samples(id, gesture),
        }
      }),
    })),
  }
}
