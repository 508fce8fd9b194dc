import type { Drive } from '../../services/drives/drive.ts'
import type { ObservedDrive } from '../../services/drives/observe-drive.ts'
import { AppError } from '../../shared/errors.ts'
import type { Services } from '../command-context.ts'

/** A mount may take 100 s by itself; whoever waits for one waits a little longer. */
const limitMs = 110_000
const intervalMs = 200

/**
 * The drive once no other process is mounting or unmounting it.
 * @throws AppError `busy` {name} when that takes too long, `cancelled` by `signal`.
 */
export async function untilSettled(
  drive: Drive,
  { drives, clock }: Pick<Services, 'drives' | 'clock'>,
  signal: AbortSignal,
): Promise<ObservedDrive> {
  const deadlineMs = clock.monotonicMs() + limitMs
  for (;;) {
    const observed = await drives.observe(drive)
    if (observed.state.kind !== 'preparing') return observed
    if (clock.monotonicMs() >= deadlineMs) throw new AppError('busy', { name: drive.name })
    await clock.sleep(intervalMs, signal).catch((error: unknown) => {
      throw new AppError('cancelled', {}, { cause: error })
    })
  }
}
