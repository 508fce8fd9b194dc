import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'

import type { Snapshot } from '../../src-main/shared/app/snapshot.ts'
import { manyDrives, nowMs, snapshotOf } from '../fixtures/snapshots.ts'
import { describePopover } from './harness/describe-popover.ts'
import { settled } from './harness/frames.ts'
import { row } from './harness/named.ts'
import { rendersOf, watchRenders } from './harness/watch-renders.ts'

/** Fifty drives as main would send them: copies, of which `change` makes others. */
function fifty(change: (index: number) => boolean, latencyMs = 77): Snapshot {
  const drives = manyDrives(50).map((drive, index) => {
    const latency = { p50Ms: latencyMs, p95Ms: 400, history: [] }
    return change(index) ? { ...drive, vitals: { ...drive.vitals, latency } } : drive
  })
  return structuredClone(snapshotOf({ drives, nowMs: nowMs + latencyMs }))
}

async function start(page: Page): Promise<void> {
  await row(page, 'Drive 50').waitFor()
  await watchRenders(page)
  await row(page, 'Drive 50').waitFor()
  await settled(page)
}

describePopover('what is rendered', (popover) => {
  test('at first all rows, then the row of the drive that changed and no other', async () => {
    await using opened = await popover.open(fifty(() => false))
    const { page, main } = opened
    await start(page)
    expect(new Set((await rendersOf(page)).rows).size).toBe(50)
    main.publish(fifty((index) => index === 6))
    await row(page, 'Drive 7').getByText('77 ms').waitFor()
    expect((await rendersOf(page)).rows).toEqual(['drive-6'])
  })

  test('nothing, when nothing changed but the revision and the time', async () => {
    await using opened = await popover.open(fifty(() => false))
    const { page, main } = opened
    await start(page)
    await rendersOf(page)
    main.publish(fifty(() => false, 5))
    await settled(page)
    expect(await rendersOf(page)).toEqual({ components: 0, rows: [] })
    // It did arrive: what comes behind it does.
    main.publish(fifty((index) => index % 2 === 0, 909))
    await row(page, 'Drive 49').getByText('909 ms').waitFor()
    expect((await rendersOf(page)).rows).toHaveLength(25)
  })
})
