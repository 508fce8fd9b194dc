import { expect, test } from 'vitest'

import { keepSame } from '../../../src-renderer/stores/keep-same.ts'
import { busySnapshot, manyDrives, snapshotOf } from '../../fixtures/snapshots.ts'

test('a copy of all that was there is what was there', () => {
  const before = busySnapshot()
  expect(keepSame(before, structuredClone(before))).toBe(before)
})

test('one drive that changed is new, and so is what holds it; all else is as it was', () => {
  const before = snapshotOf({ drives: manyDrives(3) })
  const copy = structuredClone(before)
  const next = {
    ...copy,
    drives: copy.drives.map((drive, at) => (at === 1 ? { ...drive, name: 'New' } : drive)),
  }
  const kept = keepSame(before, next)
  expect(kept).toEqual(next)
  expect(kept.drives[0]).toBe(before.drives[0])
  expect(kept.drives[1]).not.toBe(before.drives[1])
  expect(kept.drives[1]?.vitals).toBe(before.drives[1]?.vitals)
  expect(kept.drives[2]).toBe(before.drives[2])
  expect(kept.settings).toBe(before.settings)
})

test('drives are known by their ids, wherever they stand now', () => {
  const before = snapshotOf({ drives: manyDrives(3) })
  const kept = keepSame(before, {
    ...structuredClone(before),
    drives: structuredClone(before.drives.slice(1)),
  })
  expect(kept.drives).toHaveLength(2)
  expect(kept.drives[0]).toBe(before.drives[1])
})

test.each([
  [{ a: 1 }, { a: 1, b: undefined }],
  [{ a: 1, b: undefined }, { a: 1 }],
  [{ a: undefined }, { b: undefined }],
  [[1, 2], [1]],
  [[], {}],
  [null, {}],
  [{ a: null }, { a: undefined }],
])('%j and %j are not alike', (before, next) => {
  const kept: unknown = keepSame(before, next)
  expect(kept).not.toBe(before)
  expect(kept).toStrictEqual(next)
})
