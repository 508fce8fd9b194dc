import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { placePopover, type DisplayArea, type Rect } from '../../../src-main/core/popover-place.ts'
import { drawn } from '../../harness/drawn.ts'

const size = { width: 360, height: 500 }
const laptop = display({ x: 0, y: 0, width: 1512, height: 982 }, 38)
const right = display({ x: 1512, y: -200, width: 2560, height: 1440 }, 25)
const left = display({ x: -1920, y: 0, width: 1920, height: 1080 }, 25)

describe('the popover is placed', () => {
  test.each<[string, Rect, readonly [DisplayArea, ...DisplayArea[]], Rect]>([
    ['centred under its icon', icon(1000, 0, 38), [laptop], { x: 834, y: 42, ...size }],
    ['away from the right edge', icon(1480, 0, 38), [laptop], { x: 1512 - 8 - 360, y: 42, ...size }],
    ['away from the left edge', icon(2, 0, 38), [laptop], { x: 8, y: 42, ...size }],
    [
      'on the display of its icon, to the right',
      icon(3000, -200, 25),
      [laptop, right],
      { x: 2834, y: -171, ...size },
    ],
    [
      'on the display of its icon, to the left, where all is negative',
      icon(-300, 0, 25),
      [laptop, left],
      { x: -466, y: 29, ...size },
    ],
    [
      'on the nearest display when that of its icon is gone',
      icon(3000, 0, 25),
      [laptop],
      { x: 1512 - 8 - 360, y: 42, ...size },
    ],
    [
      'at the end of the primary display’s menu bar when the icon is out of sight',
      { x: 0, y: 0, width: 0, height: 0 },
      [laptop, right],
      { x: 1512 - 8 - 360, y: 42, ...size },
    ],
    [
      'above an icon that is at the bottom',
      icon(900, 1048, 32),
      [
        {
          bounds: { x: 0, y: 0, width: 1920, height: 1080 },
          workArea: { x: 0, y: 0, width: 1920, height: 1048 },
        },
      ],
      { x: 734, y: 1048 - 4 - 500, ...size },
    ],
  ])('%s', (_title, at, displays, expected) => {
    expect(placePopover({ icon: at, displays, ...size })).toEqual(expected)
  })

  test('no higher than the display has room', () => {
    const { y, height } = placePopover({
      icon: icon(1000, 0, 38),
      displays: [laptop],
      width: 360,
      height: 4_000,
    })
    expect(y).toBe(42)
    expect(y + height).toBe(982 - 4)
  })

  test('inside the work area of a display, whatever the icon and the wish', () => {
    const someRect = fc.record({
      x: fc.integer({ min: -5_000, max: 5_000 }),
      y: fc.integer({ min: -5_000, max: 5_000 }),
      width: fc.integer({ min: 0, max: 60 }),
      height: fc.integer({ min: 0, max: 60 }),
    })
    fc.assert(
      fc.property(someRect, fc.integer({ min: 1, max: 4_000 }), (at, height) => {
        const displays = [laptop, right, left] as const
        const placed = placePopover({ icon: at, displays, width: 360, height })
        expect(displays.some(({ workArea }) => contains(workArea, placed))).toBe(true)
      }),
      drawn(),
    )
  })
})

function display(bounds: Rect, menuBar: number): DisplayArea {
  return {
    bounds,
    workArea: { ...bounds, y: bounds.y + menuBar, height: bounds.height - menuBar },
  }
}

function icon(x: number, y: number, height: number): Rect {
  return { x, y, width: 28, height }
}

function contains(outer: Rect, inner: Rect): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  )
}
