import type { Clock } from '../../lib/clock.ts'
import type { OwnedFront } from './ports.ts'

const pollMs = 500
/** As many polls without a request mean that nobody is left to make one. */
const quietPolls = 3
const limitMs = 120_000

/**
 * Resolves when a front has had nothing to do for a while, has ended, or will not come to rest. A volume leaves the mount table
 * before its client has handed over all that was written to it (davfs2 uploads what it still holds after that), so a front
 * must not go the moment its volume does.
 */
export async function untilQuiet(front: Pick<OwnedFront, 'status'>, clock: Clock): Promise<void> {
  const deadlineMs = clock.monotonicMs() + limitMs
  let before = -1
  for (let quiet = 0; quiet < quietPolls && clock.monotonicMs() < deadlineMs;) {
    try {
      const { requests, inFlight } = (await front.status()).counters
      quiet = requests === before && inFlight === 0 ? quiet + 1 : 0
      before = requests
    } catch {
      return
    }
    await clock.sleep(pollMs)
  }
}
