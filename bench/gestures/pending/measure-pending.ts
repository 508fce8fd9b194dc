import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { readTreeUsage } from '../../lib/process-tree.ts'
import { median } from '../../lib/statistics.ts'
import { startDelayedFront, type DelayedFront } from '../front/start-delayed-front.ts'
import { expectFile } from '../gestures/expect-files.ts'
import type { Workspace } from '../workspace.ts'
import { acceptUploads, uploadBody, uploadName } from './accept-uploads.ts'
import { largestDisplacement } from './delivery-order.ts'

export interface PendingFigures {
  readonly count: number
  readonly acceptedPerSecond: number
  /** From spawning the process to its `ready`: with nothing pending, and with everything pending after a kill. */
  readonly emptyStartSeconds: number
  readonly fullStartSeconds: number
  /** Resident memory of a front at rest: just started with nothing, having accepted everything, and started with everything. */
  readonly emptyBytes: number
  readonly acceptedBytes: number
  readonly fullBytes: number
  /** How many uploads the front knew of after the kill. */
  readonly keptUploads: number
  /** In places; see `largestDisplacement`. */
  readonly displacement: number
}

export interface PendingOptions {
  readonly count: number
  readonly programPath: string
  readonly workspace: Workspace
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
}

const starts = 3
/** Long enough for what goes on after a start to show in memory. */
const settleMs = 2_000
const deliveryLimitMs = 600_000

/**
 * Lets `count` saves pile up in a front whose backend takes no writes, kills it, starts it again, and then lets them go.
 * @throws when one is refused, lost, changed or written twice.
 */
export async function measurePending(options: PendingOptions): Promise<PendingFigures> {
  const { count, programPath, workspace, signal, onProgress } = options
  const rootDir = await workspace.makeDir('root')
  const stateDir = join(workspace.dir, 'state')
  await using running = new AsyncDisposableStack()
  const start = async () => {
    signal.throwIfAborted()
    const startMs = performance.now()
    const front = await startDelayedFront({ programPath, rootDir, stateDir, delayMs: 0, isShut: true })
    running.defer(() => front.kill9())
    return { front, seconds: (performance.now() - startMs) / 1_000 }
  }

  onProgress('starting fronts with nothing pending')
  const empty = await repeat(starts, start)
  const emptyBytes = await atRest(empty.front, signal)
  onProgress(`saving ${count} files`)
  const savingMs = performance.now()
  await acceptUploads(empty.front, count, signal)
  const acceptedPerSecond = count / ((performance.now() - savingMs) / 1_000)
  const acceptedBytes = await atRest(empty.front, signal)
  await empty.front.kill9()

  onProgress(`starting fronts with ${count} uploads pending`)
  const full = await repeat(starts, start)
  const fullBytes = await atRest(full.front, signal)
  const { uploads } = await full.front.status()
  onProgress('delivering them')
  await full.front.tell('open')
  await full.front.delivered(deliveryLimitMs)
  const { calls } = await full.front.tell('report')
  await checkFiles(rootDir, count)
  return {
    count,
    acceptedPerSecond,
    emptyStartSeconds: empty.seconds,
    fullStartSeconds: full.seconds,
    emptyBytes,
    acceptedBytes,
    fullBytes,
    keptUploads: uploads.pending,
    displacement: largestDisplacement(
      calls,
      Array.from({ length: count }, (_, index) => `/${uploadName(index)}`),
    ),
  }
}

/** Starts and kills, `times` over; the last front stays. */
async function repeat(
  times: number,
  start: () => Promise<{ readonly front: DelayedFront; readonly seconds: number }>,
): Promise<{ readonly front: DelayedFront; readonly seconds: number }> {
  const seconds: number[] = []
  for (let done = 1; ; done++) {
    const started = await start()
    seconds.push(started.seconds)
    if (done === times) return { front: started.front, seconds: median(seconds) }
    await started.front.kill9()
  }
}

async function atRest(front: DelayedFront, signal: AbortSignal): Promise<number> {
  await sleep(settleMs, undefined, { signal })
  return readTreeUsage(front.pid).residentBytes
}

async function checkFiles(rootDir: string, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    await expectFile(join(rootDir, uploadName(index)), uploadBody(index))
  }
}
