import { describe, expect, it } from 'vitest'

import { areEqual } from '../../../../../src-main/front/vfs/uploads/same-content.ts'
import { conflictName } from '../../../../../src-main/front/vfs/uploads/conflict-name.ts'
import { isOpenEnded, isTransient, pauseMs } from '../../../../../src-main/front/vfs/uploads/transient.ts'
import { AppError, type ErrorCode } from '../../../../../src-main/shared/errors.ts'
import { FakeClock } from '../../../../fakes/fake-clock.ts'
import { chunksOf } from '../../../../fakes/memory-backend.ts'
import { promise, PromisedAttributes } from '../../../../../src-main/front/vfs/uploads/promised-attributes.ts'
import { Totals } from '../../../../../src-main/front/vfs/uploads/totals.ts'
import { at } from './open-queue.ts'

describe('the name of what is kept beside', () => {
  const nowMs = new Date(2026, 10, 21, 14, 3).getTime()
  const stamp = '2026-11-21 14.03'

  it.each([
    ['report.txt', 'MBP', 1, `report (conflict from MBP ${stamp}).txt`],
    ['report.txt', 'MBP', 2, `report (conflict from MBP ${stamp} 2).txt`],
    ['no extension', 'MBP', 1, `no extension (conflict from MBP ${stamp})`],
    ['.hidden', 'MBP', 1, `.hidden (conflict from MBP ${stamp})`],
    ['archive.tar.gz', 'MBP', 1, `archive.tar (conflict from MBP ${stamp}).gz`],
    ['a.txt', 'a/b:c', 1, `a (conflict from a-b-c ${stamp}).txt`],
  ])('of %s from %s, try %d, is %s', (name, host, attempt, expected) => {
    expect(conflictName(name, host, nowMs, attempt)).toBe(expected)
  })

  it.each([
    ['a long stem', `${'a'.repeat(251)}.txt`, 'MBP'],
    ['a long stem of many-byte characters', `${'\u{1f600}'.repeat(62)}.txt`, 'MBP'],
    ['a long extension', `a.${'b'.repeat(253)}`, 'MBP'],
    ['a long host name', 'a.txt', 'h\u00f4te '.repeat(60)],
  ])('fits a component for %s, and is well formed', (_what, name, host) => {
    const kept = conflictName(name, host, nowMs, 99)
    expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(255)
    expect(kept.isWellFormed()).toBe(true)
    expect(kept).toContain('(conflict from ')
  })
})

describe('a failure of a delivery', () => {
  it.each<[ErrorCode, boolean, boolean]>([
    ['stalled', true, true],
    ['backend-failed', true, true],
    ['cancelled', true, true],
    ['busy', true, false],
    ['no-space', true, false],
    ['permission-denied', false, false],
    ['read-only', false, false],
    ['parent-missing', false, false],
    ['is-a-directory', false, false],
    ['name-too-long', false, false],
    ['file-too-large', false, false],
    ['outside-root', false, false],
    ['upload-damaged', false, false],
    ['unexpected', false, true],
  ])('%s may pass by itself: %s, may have happened all the same: %s', (code, transient, openEnded) => {
    expect(isTransient(new AppError(code))).toBe(transient)
    expect(isOpenEnded(new AppError(code))).toBe(openEnded)
  })

  it('is followed by a pause between the half and the whole of what it has grown to', () => {
    const error = new AppError('stalled')
    expect([1, 2, 7, 50].map((failures) => pauseMs(error, failures, () => 0))).toEqual([
      1_000, 2_000, 60_000, 60_000,
    ])
    expect([1, 2, 7, 50].map((failures) => pauseMs(error, failures, () => 1))).toEqual([
      500, 1_000, 30_000, 30_000,
    ])
  })
})

describe('comparing two bodies', () => {
  it.each([
    ['', '', true],
    ['abc', 'abc', true],
    ['abcdefgh', 'abcdefgh', true],
    ['abcdefgh', 'abcdefgx', false],
    ['abc', 'abcd', false],
    ['abcd', 'abc', false],
    ['', 'a', false],
  ])('%j and %j, however they are cut: %s', async (one, other, expected) => {
    for (const [left, right] of [
      [1, 1],
      [1, 3],
      [3, 2],
      [100, 1],
    ] as const) {
      expect(await areEqual(chunksOf(one, left), chunksOf(other, right))).toBe(expected)
    }
  })
})

describe('what clients were promised', () => {
  const backend = { kind: 'file', size: 4, modifiedMs: 7, createdMs: 7, fileId: 70 } as const
  const promised = promise(1, 4, 5, 5)

  it('is shown for exactly the version that was delivered, and meant by who knows it', () => {
    const promises = new PromisedAttributes([{ path: at('/d/a'), backend, promised }])
    expect(promises.shown(at('/d/a'), backend)).toBe(promised)
    expect(promises.shown(at('/d/b'), backend)).toBe(backend)
    const changed = { ...backend, modifiedMs: 8 }
    expect(promises.shown(at('/d/a'), changed)).toBe(changed)
    expect(promises.versionOf(at('/d/a'), promised)).toBe(backend)
    expect(promises.versionOf(at('/d/a'), changed)).toEqual(changed)
    expect(promises.versionOf(at('/d/a'), promise(9, 4, 5, 5))).toBe('unknown')
  })

  it('moves and goes with the file, and with the directories above it', () => {
    const promises = new PromisedAttributes([{ path: at('/d/e/a'), backend, promised }])
    promises.move(at('/d'), at('/f'))
    expect(promises.shown(at('/d/e/a'), backend)).toBe(backend)
    expect(promises.shownEntries(at('/f/e'), new Map([['a', backend]]))).toEqual(new Map([['a', promised]]))
    promises.forgetWithin(at('/f'))
    expect(promises.shown(at('/f/e/a'), backend)).toBe(backend)
  })

  it('is forgotten for the files longest unchanged', () => {
    const promises = new PromisedAttributes([])
    for (let id = 1; id <= 10_001; id++) promises.noteDelivered({ path: at(`/${id}`), backend, promised })
    expect(promises.shown(at('/1'), backend)).toBe(backend)
    expect(promises.shown(at('/2'), backend)).toBe(promised)
  })
})

describe('the rate', () => {
  it('is what was sent in the last ten seconds', async () => {
    const clock = new FakeClock()
    const totals = new Totals(clock)
    totals.sent(500)
    await clock.advance(5_000)
    totals.sent(500)
    expect(totals.bytesPerSec()).toBe(100)
    await clock.advance(6_000)
    expect(totals.bytesPerSec()).toBe(50)
    await clock.advance(10_000)
    expect(totals.bytesPerSec()).toBe(0)
  })
})
