import { describe, expect, it } from 'vitest'

import {
  blockBytes,
  blockLength,
  blocksAsked,
  blocksOf,
  bytesIn,
  joinNearest,
  rangeOf,
} from '../../../../../src-main/front/vfs/content/blocks.ts'

describe('blocks', () => {
  it.each([
    { range: undefined, size: 10, expected: { start: 0, end: 10 } },
    { range: { start: 2, end: 4 }, size: 10, expected: { start: 2, end: 5 } },
    { range: { start: 2, end: 99 }, size: 10, expected: { start: 2, end: 10 } },
    { range: { start: 10, end: 99 }, size: 10, expected: { start: 10, end: 10 } },
    { range: { start: 0, end: 0 }, size: 0, expected: { start: 0, end: 0 } },
  ])('take $range of $size bytes for $expected', ({ range, size, expected }) => {
    expect(bytesIn(range, size)).toEqual(expected)
  })

  it.each([
    { bytes: { start: 0, end: 0 }, expected: { first: 0, end: 0 } },
    { bytes: { start: 0, end: 1 }, expected: { first: 0, end: 1 } },
    { bytes: { start: 0, end: blockBytes }, expected: { first: 0, end: 1 } },
    { bytes: { start: blockBytes - 1, end: blockBytes + 1 }, expected: { first: 0, end: 2 } },
    { bytes: { start: 3 * blockBytes, end: 3 * blockBytes }, expected: { first: 3, end: 3 } },
  ])('$expected hold the bytes $bytes', ({ bytes, expected }) => {
    expect(blocksOf(bytes)).toEqual(expected)
  })

  it('of a file whose size is not known are asked for by range, or all of them without one', () => {
    expect(rangeOf(blocksAsked(undefined))).toBeUndefined()
    expect(rangeOf(blocksAsked({ start: 5, end: blockBytes }))).toEqual({ start: 0, end: 2 * blockBytes - 1 })
  })

  it('are all of one length but the last', () => {
    expect([0, 1, 2].map((block) => blockLength(block, 2 * blockBytes + 7))).toEqual([
      blockBytes,
      blockBytes,
      7,
    ])
  })

  it('that are missing are joined where they lie nearest', () => {
    const gaps = [
      { first: 0, end: 1 },
      { first: 5, end: 6 },
      { first: 7, end: 9 },
      { first: 20, end: 30 },
    ]
    expect(joinNearest(gaps, 4)).toEqual(gaps)
    expect(joinNearest(gaps, 3)).toEqual([
      { first: 0, end: 1 },
      { first: 5, end: 9 },
      { first: 20, end: 30 },
    ])
    expect(joinNearest(gaps, 2)).toEqual([
      { first: 0, end: 9 },
      { first: 20, end: 30 },
    ])
    expect(joinNearest(gaps, 1)).toEqual([{ first: 0, end: 30 }])
  })
})
