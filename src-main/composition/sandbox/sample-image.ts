import { crc32, deflateSync } from 'node:zlib'

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
/** 8 bits per channel, red green blue, no interlacing (PNG, 11.2.2). */
const header = { bitDepth: 8, colourType: 2 }

/** A PNG of a sun going down over hills: something for Quick Look and thumbnails to show. */
export function drawSampleImage({
  width,
  height,
}: {
  readonly width: number
  readonly height: number
}): Buffer {
  const dimensions = Buffer.alloc(13)
  dimensions.writeUInt32BE(width, 0)
  dimensions.writeUInt32BE(height, 4)
  dimensions.set([header.bitDepth, header.colourType], 8)

  const rowBytes = 1 + width * 3 // each row starts with its filter: 0, none
  const pixels = Buffer.alloc(rowBytes * height)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      pixels.set(colourAt(x / width, y / height, width / height), y * rowBytes + 1 + x * 3)
    }
  }
  return Buffer.concat([
    signature,
    chunk('IHDR', dimensions),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

type Colour = readonly [red: number, green: number, blue: number]

/** `x` and `y` from 0 to 1, from the top left. */
function colourAt(x: number, y: number, aspect: number): Colour {
  const nearHills = 0.82 + 0.06 * Math.sin(x * 7 + 1)
  const farHills = 0.7 + 0.05 * Math.sin(x * 11)
  if (y > nearHills) return [38, 44, 66]
  if (y > farHills) return [84, 70, 98]
  const isSun = Math.hypot((x - 0.66) * aspect, y - 0.56) < 0.12
  return isSun ? [255, 226, 150] : [mix(64, 250, y), mix(88, 150, y), mix(150, 96, y)]
}

function mix(from: number, to: number, share: number): number {
  return Math.round(from + (to - from) * share)
}

function chunk(type: string, data: Buffer): Buffer {
  const typeAndData = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const result = Buffer.alloc(typeAndData.length + 8)
  result.writeUInt32BE(data.length, 0)
  typeAndData.copy(result, 4)
  result.writeUInt32BE(crc32(typeAndData), result.length - 4)
  return result
}
