import type { Clock } from '../../lib/clock.ts'
import { isAppError } from '../../shared/errors.ts'
import type { ConnectedFront, Fronts, UploadsReport } from './ports.ts'

export interface FollowOptions {
  readonly signal: AbortSignal
  readonly onReport: (report: UploadsReport) => void
}

export interface FollowDeps {
  readonly fronts: Pick<Fronts, 'connect'>
  /** Whether the folder of the front, which does not answer, still has what could be delivered. */
  readonly isPending: () => Promise<boolean>
  readonly clock: Clock
}

const pollMs = 500
/** A front that crashed is started again by whoever keeps it, after ten seconds at the latest. */
const comebackMs = 20_000

/**
 * Has a drive's front deliver what is pending, whichever process keeps it, and resolves when it has ended: with `ended`, also
 * when it left uploads behind; with `followed-no-longer` when `signal` is aborted first, and the front goes on by itself.
 */
export async function followDelivery(
  driveId: string,
  { signal, onReport }: FollowOptions,
  { fronts, isPending, clock }: FollowDeps,
): Promise<'ended' | 'followed-no-longer'> {
  let seenMs = clock.monotonicMs()
  while (!signal.aborted) {
    await using front = await fronts.connect(driveId)
    if (front !== undefined) {
      front.drain()
      await reportUntilGone(front, signal, onReport, clock)
      seenMs = clock.monotonicMs()
      continue
    }
    if (!(await isPending()) || clock.monotonicMs() - seenMs > comebackMs) return 'ended'
    await pause(clock, signal)
  }
  return 'followed-no-longer'
}

/** Resolves when the front has hung up, or `signal` is aborted. */
async function reportUntilGone(
  front: ConnectedFront,
  signal: AbortSignal,
  onReport: (report: UploadsReport) => void,
  clock: Clock,
): Promise<void> {
  const gone = new AbortController()
  void front.closed.then(() => gone.abort())
  while (!signal.aborted) {
    try {
      const report = await front.uploads()
      if (report.totals.pending > 0) onReport(report)
    } catch (error) {
      if (isAppError(error, 'front-died')) return
      // One that is too busy to answer in time is there all the same.
      if (!isAppError(error, 'front-timeout')) throw error
    }
    await pause(clock, AbortSignal.any([signal, gone.signal]))
  }
}

async function pause(clock: Clock, signal: AbortSignal): Promise<void> {
  await clock.sleep(pollMs, signal).catch(() => undefined)
}
