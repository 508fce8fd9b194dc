import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'

import { describe, expect, test } from 'vitest'

import { trayStates } from '../../../src-main/core/tray-model.ts'

const iconsDir = join(import.meta.dirname, '../../../resources/icons')
const transparent = 0

describe.each(trayStates)('the icon %s of the menu bar', (state) => {
  test.each([
    ['', 18],
    ['@2x', 36],
  ])('is there%s, %d pixels wide and high, drawn in black alone', async (suffix, sizePx) => {
    const { width, height, pixels } = await readPng(`${state}Template${suffix}.png`)
    expect([width, height]).toEqual([sizePx, sizePx])
    const drawn = pixels.filter(({ alpha }) => alpha !== transparent)
    expect(drawn.length).toBeGreaterThan(0)
    expect(drawn.filter(({ red, green, blue }) => red + green + blue > 0)).toEqual([])
    expect(pixels.some(({ alpha }) => alpha === transparent)).toBe(true)
  })
})

test('the icons differ in their shape', async () => {
  const shapes = await Promise.all(
    trayStates.map(async (state) => {
      const { pixels } = await readPng(`${state}Template.png`)
      return pixels.map(({ alpha }) => alpha)
    }),
  )
  for (const [index, one] of shapes.entries()) {
    for (const other of shapes.slice(index + 1)) {
      const apart = one.filter((alpha, at) => Math.abs(alpha - (other[at] ?? 0)) > 128).length
      // Of 324; three dots are the least that tells two apart.
      expect(apart).toBeGreaterThanOrEqual(6)
    }
  }
})

test('the app’s icon is as large as its packager wants it', async () => {
  const png = await readFile(join(iconsDir, 'app.png'))
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1_024, 1_024])
})

interface Pixel {
  readonly red: number
  readonly green: number
  readonly blue: number
  readonly alpha: number
}

/** As Chromium writes them: eight bits per channel, with alpha, not interlaced. */
async function readPng(name: string): Promise<{ width: number; height: number; pixels: Pixel[] }> {
  const png = await readFile(join(iconsDir, name))
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)]
  expect([...png.subarray(24, 29)]).toEqual([8, 6, 0, 0, 0])
  const rows = unfilter(inflateSync(Buffer.concat(dataChunks(png))), width * 4, height)
  const pixels = rows.flatMap((row) =>
    Array.from({ length: width }, (_, at) => {
      const [red = 0, green = 0, blue = 0, alpha = 0] = row.subarray(at * 4, at * 4 + 4)
      return { red, green, blue, alpha }
    }),
  )
  return { width, height, pixels }
}

function dataChunks(png: Buffer): readonly Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const length = png.readUInt32BE(at)
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') chunks.push(png.subarray(at + 8, at + 8 + length))
  }
  return chunks
}

/** PNG writes each byte as its difference from what its neighbours suggest. */
function unfilter(data: Buffer, rowBytes: number, height: number): readonly Buffer[] {
  const rows: Buffer[] = []
  for (let y = 0; y < height; y += 1) {
    const start = y * (rowBytes + 1)
    const filter = data[start] ?? 0
    const row = Buffer.from(data.subarray(start + 1, start + 1 + rowBytes))
    const above = rows.at(-1) ?? Buffer.alloc(rowBytes)
    for (let x = 0; x < rowBytes; x += 1) {
      const left = row[x - 4] ?? 0
      row[x] = (row[x] ?? 0) + predicted(filter, left, above[x] ?? 0, above[x - 4] ?? 0)
    }
    rows.push(row)
  }
  return rows
}

function predicted(filter: number, left: number, up: number, upLeft: number): number {
  switch (filter) {
    case 1:
      return left
    case 2:
      return up
    case 3:
      return Math.floor((left + up) / 2)
    case 4:
      return paeth(left, up, upLeft)
    default:
      return 0
  }
}

function paeth(left: number, up: number, upLeft: number): number {
  const guess = left + up - upLeft
  const [toLeft, toUp, toUpLeft] = [left, up, upLeft].map((value) => Math.abs(guess - value)) as [
    number,
    number,
    number,
  ]
  if (toLeft <= toUp && toLeft <= toUpLeft) return left
  return toUp <= toUpLeft ? up : upLeft
}
