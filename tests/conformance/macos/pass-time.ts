import type { FakeClock } from '../../fakes/fake-clock.ts'
import { waitFor } from '../../harness/wait-for.ts'

/** Lets whatever stands on `clock` go through its pauses until `work` is settled. */
export async function passTime<T>(clock: FakeClock, work: Promise<T>): Promise<T> {
  let isSettled = false
  const settled = work.finally(() => (isSettled = true))
  settled.catch(() => undefined)
  const step = (): Promise<boolean> | false => !isDiskAtWork() && clock.advance(250).then(() => isSettled)
  await waitFor(step, { what: 'the gesture to end', everyMs: 1 })
  return settled
}

/** What a busy machine's disk takes must not be taken for the silence of a backend. */
function isDiskAtWork(): boolean {
  return process.getActiveResourcesInfo().some((kind) => kind.startsWith('FSReq'))
}
