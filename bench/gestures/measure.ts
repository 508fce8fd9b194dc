import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

import { mountSimulatedVolume } from '../../tests/harness/webdavfs/mount.ts'
import type { VolumeEvent, VolumeReport } from '../../tests/harness/webdavfs/report/events.ts'
import type { Gesture } from './gestures/gesture.ts'
import type { Sample } from './results.ts'
import type { RunningServer } from './servers/server.ts'
import { roundName, type Contents } from './tree.ts'

export interface Round {
  readonly number: number
  /** The server's own tree, seen from behind it. */
  readonly rootDir: string
  readonly contents: Contents
  readonly signal: AbortSignal
}

/** What ends after an answer (a read that was cut off, a file that is closed) is over by then. */
const afterPreparingMs = 100

/** What a user would have noticed, or would have needed to; the others are about traffic. */
const harmless: readonly VolumeEvent['kind'][] = ['extra-traffic', 'server-quirk', 'mount-hang']

/** Does one gesture on one server with a client of its own. @throws when it failed, or did not do what it should. */
export async function measure(server: RunningServer, gesture: Gesture, round: Round): Promise<Sample> {
  const path = `/${roundName(round.number)}`
  const { contents, signal } = round
  const context = { url: server.url, path, contents, signal }
  await using volumes = new AsyncDisposableStack()
  const mount = async () => volumes.use(await mountSimulatedVolume({ url: server.url }))

  let volume = await mount()
  await gesture.prepare({ ...context, volume })
  if (gesture.startsAnew === true) volume = await mount()
  await sleep(afterPreparingMs, undefined, { signal })
  // What other servers left in memory is written now, or whoever syncs next would wait for it.
  await promisify(execFile)('sync', ['-f', round.rootDir], { signal })
  volume.resetReport()

  await server.meter.begin()
  const startMs = performance.now()
  await gesture.run({ ...context, volume })
  const seconds = (performance.now() - startMs) / 1_000
  const report = volume.report()
  await server.meter.end()
  refuseMishaps(report)
  const calls = await server.meter.settle()
  const deliveredSeconds = (performance.now() - startMs) / 1_000
  await gesture.check?.(join(round.rootDir, roundName(round.number)), contents)
  return {
    seconds,
    deliveredSeconds,
    waitedCalls: calls.waited,
    totalCalls: calls.total,
    breakdown: calls.breakdown,
    requests: report.requests.length,
  }
}

function refuseMishaps({ events }: VolumeReport): void {
  const mishap = events.find(({ kind }) => !harmless.includes(kind))
  if (mishap !== undefined) throw new Error(`the client met ${JSON.stringify(mishap)}`)
}
