import { expect } from 'vitest'

import type { Clock } from '../../../src-main/lib/clock.ts'
import { startTestFront, type TestFront, type TestFrontOptions } from '../../harness/front.ts'
import { waitFor } from '../../harness/wait-for.ts'
import { mountSimulatedVolume } from '../../harness/webdavfs/mount.ts'
import type { SimulatedVolume } from '../../harness/webdavfs/volume.ts'

/** A front process as users run it, mounted by macOS's client. */
export interface MacosDrive extends AsyncDisposable {
  readonly front: TestFront
  readonly volume: SimulatedVolume
  /** Resolves when everything the volume was given has arrived at the backend. */
  delivered(): Promise<void>
  /** Runs one gesture and resolves with the backend calls it cost, deliveries included; its report is a fresh one. */
  backendCallsOf(gesture: () => Promise<unknown>): Promise<number>
}

export async function mountDrive(
  options: TestFrontOptions & { readonly clock?: Clock } = {},
): Promise<MacosDrive> {
  const { clock, ...frontOptions } = options
  const front = await startTestFront(frontOptions)
  const volume = await mountSimulatedVolume({
    url: front.url,
    netfs: true,
    ...(clock === undefined ? {} : { clock }),
  })
  const delivered = async (): Promise<void> => {
    await waitFor(async () => (await front.status()).uploads.pending === 0, { what: 'all uploads to arrive' })
  }
  return {
    front,
    volume,
    delivered,
    backendCallsOf: async (gesture) => {
      const before = await front.counters()
      volume.resetReport()
      await gesture()
      await delivered()
      const after = await front.counters()
      return after.backendCalls - before.backendCalls
    },
    [Symbol.asyncDispose]: async () => {
      await volume[Symbol.asyncDispose]()
      await front.stop()
    },
  }
}

/** 0: this client hung up by itself, as it does after a preview. A connection that the front ends is an event. */
const goodStatuses = [0, 200, 201, 204, 206, 207, 304]
/** The only refusals that macOS understands as what they are. */
const honestRefusals = [403, 404, 413, 423, 507]

/** The user saw nothing unusual, and no answer was one that macOS would misread. */
export function expectClean(volume: SimulatedVolume): void {
  const { events, requests } = volume.report()
  expect(events).toEqual([])
  const odd = requests.filter(
    ({ status }) => !goodStatuses.includes(status) && !honestRefusals.includes(status),
  )
  expect(odd.map(({ method, path, status }) => `${method} ${path} ${status}`)).toEqual([])
}
