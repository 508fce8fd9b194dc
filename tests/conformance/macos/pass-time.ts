import type { FakeClock } from '../../fakes/fake-clock.ts'
import { waitFor } from '../../harness/wait-for.ts'

/** Lets whatever stands on `clock` go through its pauses until `work` is settled. */
export async function passTime<T>(clock: FakeClock, work: Promise<T>): Promise<T> {
  let isSettled = false
  const settled = work.finally(() => (isSettled = true))
  settled.catch(() => undefined)
  await waitFor(() => clock.advance(250).then(() => isSettled), { what: 'the gesture to end', everyMs: 1 })
  return settled
}
