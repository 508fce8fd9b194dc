import { writeFile } from 'node:fs/promises'

import type { MachineFacts } from '../lib/machine.ts'
import { aimText, judge } from './aim.ts'
import type { Peer, PeerId, Presence } from './peers/peer.ts'
import type { Results } from './results.ts'
import type { Row } from './rows.ts'

export interface JsonReport {
  readonly date: Date
  readonly machine: MachineFacts
  readonly presences: ReadonlyMap<Peer, Presence>
  readonly rows: readonly Row[]
  readonly results: Results
}

/** Writes all that was measured, round by round, for programs that compare runs. */
export async function writeJsonReport(path: string, report: JsonReport): Promise<void> {
  const { date, machine, presences, rows, results } = report
  const peers = [...presences.keys()]
  const labelOf = (id: PeerId) => peers.find((peer) => peer.id === id)?.label ?? id
  const document = {
    date: date.toISOString(),
    machine,
    servers: peers.map((peer) => ({ id: peer.id, label: peer.label, ...presences.get(peer) })),
    rows: rows.map(({ id, title, unit, ours, aim }) => {
      const figureOf = (peer: PeerId) => results.figure(peer, id)?.value
      return {
        id,
        title,
        unit,
        ours,
        ...(aim === undefined
          ? {}
          : { aim: aimText(aim, labelOf), verdict: judge(aim, figureOf(ours), figureOf) }),
        figures: Object.fromEntries(
          peers.map((peer) => [
            peer.id,
            results.figure(peer.id, id) ?? { failure: results.failure(peer.id, id) },
          ]),
        ),
      }
    }),
  }
  await writeFile(path, `${JSON.stringify(document, null, 2)}\n`)
}
