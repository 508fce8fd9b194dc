import { setTimeout as sleep } from 'node:timers/promises'

import { readTreeUsage } from '../lib/process-tree.ts'
import type { Bench, Measurement, Subject } from './measurements/measurement.ts'
import type { Peer } from './peers/peer.ts'
import { Results } from './results.ts'
import type { RowId } from './rows.ts'

export interface RunOptions {
  readonly peers: readonly Peer[]
  readonly measurements: readonly Measurement[]
  readonly rows: readonly RowId[]
  readonly rounds: number
  readonly bench: Bench
  /** Told what is going on, for people who wait. */
  readonly onProgress: (text: string) => void
}

const restMs = 2_000

/**
 * Starts every server once and takes every measurement on each of them, round after round, so that whatever the machine
 * does meanwhile hits all of them alike. A server that fails a measurement is left out of it from then on.
 * @throws only when `bench.signal` is aborted or a server does not start; all servers are stopped in any case.
 */
export async function run({
  peers,
  measurements,
  rows,
  rounds,
  bench,
  onProgress,
}: RunOptions): Promise<Results> {
  const results = new Results()
  const wanted = measurements.filter((measurement) => measurement.rows.some((row) => rows.includes(row)))
  await using servers = new AsyncDisposableStack()
  const subjects: Subject[] = []
  for (const peer of peers)
    subjects.push(servers.adopt(await startSubject(peer, bench), (subject) => subject.stop()))

  for (let round = 0; round < rounds; round++) {
    for (const measurement of wanted) {
      if (round >= (measurement.maxRounds ?? rounds)) continue
      onProgress(`round ${round + 1} of ${rounds}: ${measurement.name}`)
      // Nobody is always the one that comes after the slowest.
      for (const subject of rotated(subjects, round)) await measureOne(subject, measurement, bench, results)
    }
  }
  await sleep(restMs, undefined, { signal: bench.signal })
  for (const subject of subjects) addTotals(subject, results)
  return results
}

async function startSubject(peer: Peer, { workspace, signal }: Bench): Promise<Subject> {
  const scratchDir = await workspace.makeScratchDir(peer.id)
  const server = await peer.start({ rootDir: workspace.rootDir, scratchDir, signal })
  return { ...server, peer, usage: () => readTreeUsage(server.pid) }
}

async function measureOne(
  subject: Subject,
  measurement: Measurement,
  bench: Bench,
  results: Results,
): Promise<void> {
  const { id } = subject.peer
  if (!measurement.appliesTo(id) || results.failure(id, measurement.rows[0]!) !== undefined) return
  try {
    results.add(id, await measurement.measure(subject, bench))
  } catch (error) {
    bench.signal.throwIfAborted()
    results.fail(id, measurement.rows, error instanceof Error ? error.message : String(error))
  }
}

function addTotals(subject: Subject, results: Results): void {
  try {
    const { residentBytes, cpuSeconds } = subject.usage()
    results.add(subject.peer.id, [
      { row: 'rss-after', value: residentBytes / 1e6 },
      { row: 'cpu-total', value: cpuSeconds },
    ])
  } catch {
    results.fail(subject.peer.id, ['rss-after', 'cpu-total'], 'the server died during the run')
  }
}

function rotated<T>(items: readonly T[], by: number): readonly T[] {
  const first = items.length === 0 ? 0 : by % items.length
  return [...items.slice(first), ...items.slice(0, first)]
}
