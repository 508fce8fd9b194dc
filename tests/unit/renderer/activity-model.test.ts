import { describe, expect, test } from 'vitest'

import {
  activityOf,
  recentTextOf,
  uploadTextOf,
} from '../../../src-renderer/features/activity/activity-model.ts'
import {
  busySnapshot,
  driveOf,
  mountedDriveOf,
  nowMs,
  sandboxOf,
  uploadOf,
} from '../../fixtures/snapshots.ts'

const { drives, recent } = busySnapshot()
const totals = driveOf().uploads

describe('activity', () => {
  test('what needs a person is apart, the oldest first', () => {
    const drive = mountedDriveOf({
      uploadList: [
        uploadOf({ id: 1, state: 'attention', acceptedMs: 20 }),
        uploadOf({ id: 2, acceptedMs: 5 }),
        uploadOf({ id: 3, state: 'attention', acceptedMs: 10 }),
      ],
    })
    const { attention, moving } = activityOf([drive], [], undefined)
    expect(attention.map(({ upload }) => upload.id)).toEqual([3, 1])
    expect(moving.map(({ upload }) => upload.id)).toEqual([2])
  })

  test('what moves comes before what waits, over all drives', () => {
    const one = mountedDriveOf({ uploadList: [uploadOf({ id: 1, state: 'waiting', acceptedMs: 1 })] })
    const other = sandboxOf({
      uploadList: [uploadOf({ id: 2, acceptedMs: 9 }), uploadOf({ id: 3, state: 'waiting', acceptedMs: 0 })],
    })
    const { moving } = activityOf([one, other], [], undefined)
    expect(moving.map(({ upload }) => upload.id)).toEqual([2, 3, 1])
  })

  test('files come newest first, conflicts apart', () => {
    const { recent: files, conflicts } = activityOf(drives, recent, undefined)
    expect(files.map(({ what }) => what)).toEqual(['saved', 'in-s3', 'delivered', 'export-refused'])
    expect(conflicts.map(({ path }) => path)).toEqual(['/2026/price list.numbers'])
  })

  test('of one drive, nothing of another is shown', () => {
    const { attention, recent: files } = activityOf(drives, recent, 'sandbox')
    expect(attention).toEqual([])
    expect(files.map(({ path }) => path)).toEqual(['/notes.md'])
  })

  test('says how many more there are than main lists', () => {
    const drive = mountedDriveOf({
      uploads: { ...totals, pending: 300, attention: 4 },
      uploadList: [uploadOf()],
    })
    expect(activityOf([drive], [], undefined).unlisted).toBe(303)
  })

  test.each([
    [{}, undefined],
    [{ pending: 1, pendingBytes: 2_000_000 }, '1 file · 2 MB left'],
    [
      { pending: 3, pendingBytes: 56_000_000, bytesPerSec: 1_400_000 },
      '3 files · 56 MB left · 1.4 MB/s · about 40 s',
    ],
  ])('%j sums up as %j', (uploads, text) => {
    const drive = mountedDriveOf({ uploads: { ...totals, ...uploads } })
    expect(activityOf([drive], [], undefined).summary).toBe(text)
  })
})

test.each([
  [{ state: 'delivering', sentBytes: 12_000_000, size: 48_000_000 }, '12 MB of 48 MB'],
  [{ state: 'waiting', size: 18_000 }, '18 kB, waiting'],
  [{ state: 'waiting', size: 18_000, attempts: 3 }, '18 kB, waiting, tried 3 times'],
] as const)('an upload %j reads "%s"', (parts, text) => expect(uploadTextOf(uploadOf(parts))).toBe(text))

test('a refusal names what AWS calls it', () => {
  const file = {
    driveId: 'd',
    path: '/a',
    atMs: nowMs,
    what: 'export-refused',
    detail: 'AccessDenied',
  } as const
  expect(recentTextOf(file)).toBe('not taken by S3: AccessDenied')
  expect(recentTextOf({ ...file, detail: undefined })).toBe('not taken by S3')
})
