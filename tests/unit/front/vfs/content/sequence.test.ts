import { describe, expect, it } from 'vitest'

import { Sequence } from '../../../../../src-main/front/vfs/content/fetching/sequence.ts'
import { limitFor } from '../../../../../src-main/front/vfs/content/fetching/run-ahead.ts'
import { blockBytes, mebibyte } from './open-cache.ts'

/** A sequence that has seen requests of ten bytes each. */
function sequenceOf(...starts: readonly number[]): Sequence {
  const sequence = new Sequence()
  for (const start of starts) sequence.note({ start, end: start + 9 })
  return sequence
}

describe('a sequence of requests', () => {
  it.each([
    { title: 'one request', starts: [0], isInOrder: false, start: 0 },
    { title: 'the second that begins where the first ended', starts: [0, 10], isInOrder: true, start: 0 },
    { title: 'the third', starts: [50, 60, 70], isInOrder: true, start: 50 },
    { title: 'a jump forward', starts: [0, 10, 500], isInOrder: false, start: 500 },
    { title: 'a jump back', starts: [30, 40, 30], isInOrder: false, start: 30 },
    { title: 'the same again', starts: [0, 0], isInOrder: false, start: 0 },
    { title: 'what follows a jump', starts: [0, 500, 510], isInOrder: true, start: 500 },
  ])('knows whether $title is in order', ({ starts, isInOrder, start }) => {
    expect(sequenceOf(...starts)).toMatchObject({ isInOrder, start })
  })

  it('that is broken off has no successor', () => {
    const sequence = sequenceOf(0, 10)
    sequence.breakOff()
    expect(sequence.isInOrder).toBe(false)
    sequence.note({ start: 20, end: 29 })
    expect(sequence).toMatchObject({ isInOrder: false, start: 20 })
  })

  it('is worth pieces that grow with what has been read', () => {
    const pieces = [0, 1, 2, 8, 100, 4000].map((mebibytes) => sequenceOf(0, 10).pieceAt(mebibytes * mebibyte))
    expect(pieces.map((blocks) => (blocks * blockBytes) / mebibyte)).toEqual([2, 4, 8, 32, 400, 16_000])
  })
})

describe('a reader in order', () => {
  const limitAt = (blocks: number, hasRoom: boolean): number =>
    limitFor({ start: 10 * blockBytes, position: (10 + blocks) * blockBytes, hasRoom }) - 10 - blocks

  it('is run ahead of as far as it has come, within bounds', () => {
    expect([0, 1, 5, 20, 32, 1000].map((blocks) => limitAt(blocks, true))).toEqual([5, 5, 6, 21, 33, 33])
  })

  it('is run ahead of by little while there is no room on the disk', () => {
    expect([0, 1000].map((blocks) => limitAt(blocks, false))).toEqual([8, 8])
  })
})
