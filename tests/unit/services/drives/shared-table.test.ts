import { beforeEach, describe, expect, test } from 'vitest'

import { shareTable, type SharedTable } from '../../../../src-main/services/drives/shared-table.ts'
import { untilVolumeGone } from '../../../../src-main/services/drives/volume-watch.ts'
import { silentLogger } from '../../../../src-main/lib/logger.ts'
import { AppError } from '../../../../src-main/shared/errors.ts'
import { FakeClock } from '../../../fakes/fake-clock.ts'
import { FakeVolumes } from '../../../fakes/fake-volumes.ts'

class CountedVolumes extends FakeVolumes {
  reads = 0
  override list(): ReturnType<FakeVolumes['list']> {
    this.reads += 1
    return super.list()
  }
}

describe('a shared mount table', () => {
  let clock: FakeClock
  let volumes: CountedVolumes
  let table: SharedTable
  beforeEach(() => {
    clock = new FakeClock()
    volumes = new CountedVolumes()
    table = shareTable(volumes, clock)
  })

  test('is read once for all who look at about the same time', async () => {
    await Promise.all(Array.from({ length: 50 }, () => table.list()))
    await clock.advance(899)
    await table.list()
    expect(volumes.reads).toBe(1)
    await clock.advance(1)
    await table.list()
    expect(volumes.reads).toBe(2)
  })

  test('is read anew after a reading that failed', async () => {
    volumes.listError = new AppError('command-timeout')
    await expect(table.list()).rejects.toThrow(AppError)
    volumes.listError = undefined
    await expect(table.list()).resolves.toEqual([])
  })

  test('shows each of fifty drives that its volume has gone, for one reading a second', async () => {
    const urls = Array.from({ length: 50 }, (_, index) => `http://127.0.0.1:${50_000 + index}/secret/`)
    volumes.table = urls.map((url, index) => ({ url, mountPoint: `/volumes/${index}` }))
    const { signal } = new AbortController()
    const gone = urls.map((url) => untilVolumeGone(url, signal, { volumes: table, clock, log: silentLogger }))
    for (let second = 0; second < 10; second += 1) await clock.advance(1_000)
    expect(volumes.reads).toBe(10)
    volumes.table = []
    await clock.advance(1_000)
    await clock.advance(1_000)
    expect(await Promise.all(gone)).toEqual(urls.map(() => true))
  })
})
