import { describe, expect, it } from 'vitest'

import { forEachInWindow } from '../../../src-main/lib/for-each-in-window.ts'

describe('visiting items in a window', () => {
  const items = Array.from({ length: 50 }, (_, index) => index)

  it('visits each item once, with as many at a time as the window holds', async () => {
    const seen: number[] = []
    let current = 0
    let highest = 0
    await forEachInWindow(items, 7, async (item) => {
      highest = Math.max(highest, ++current)
      await new Promise((resolve) => setImmediate(resolve))
      seen.push(item)
      current--
    })
    expect(seen.sort((a, b) => a - b)).toEqual(items)
    expect(highest).toBe(7)
  })

  it('rejects with the first failure after the visits under way have ended, and begins no other', async () => {
    const begun: number[] = []
    const ended: number[] = []
    const visiting = forEachInWindow(items, 4, async (item) => {
      begun.push(item)
      if (item === 5) throw new Error('five')
      await new Promise((resolve) => setImmediate(resolve))
      ended.push(item)
    })
    await expect(visiting).rejects.toThrow('five')
    expect(begun.length).toBeLessThan(items.length)
    expect(ended.sort((a, b) => a - b)).toEqual(begun.filter((item) => item !== 5))
    const countAtRejection = begun.length
    await new Promise((resolve) => setImmediate(resolve))
    expect(begun).toHaveLength(countAtRejection)
  })

  it('resolves at once when there is nothing to visit', async () => {
    await forEachInWindow([], 4, () => Promise.reject(new Error('visited')))
  })
})
