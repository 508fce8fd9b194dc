import type { Clock } from '../../lib/clock.ts'
import type { UploadQueue } from '../vfs/uploads/upload-queue.ts'

const pollMs = 100

/**
 * Resolves when nothing is pending and no request is under way that could bring more; what needs attention does not count.
 * @throws the signal's reason, or `cancelled`, when `signal` is aborted first.
 */
export async function untilDrained(
  {
    uploads,
    inFlight,
  }: { readonly uploads: Pick<UploadQueue, 'drained' | 'totals'>; readonly inFlight: () => number },
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    await uploads.drained(signal)
    if (inFlight() === 0 && uploads.totals().pending === 0) return
    await clock.sleep(pollMs, signal)
  }
}
