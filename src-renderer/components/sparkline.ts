export interface SparklineSize {
  readonly width: number
  readonly height: number
  /** The scale's end where all values are smaller: two milliseconds more or less are no mountains. */
  readonly leastMax: number
}

export interface SparklinePaths {
  readonly line: string
  readonly area: string
  /** From the last sample before a gap to the first one behind it: to be drawn as what it is, unknown. */
  readonly gaps: string
}

/**
 * SVG path data for a row of samples at even distances; `null` leaves a gap. A sample between two gaps becomes a short line,
 * so that it is seen at all.
 */
export function sparklinePaths(samples: readonly (number | null)[], size: SparklineSize): SparklinePaths {
  const { width, height, leastMax } = size
  const max = Math.max(leastMax, ...samples.filter((sample) => sample !== null))
  const step = width / Math.max(1, samples.length - 1)
  const pieces = piecesOf(samples).map((piece) =>
    piece.map(({ index, value }) => ({
      x: round(index * step),
      y: round(height - 1 - (value / max) * (height - 2)),
    })),
  )
  const lines = pieces.map((points) => {
    const [first] = points
    if (first === undefined) return ''
    if (points.length === 1) return `M${round(Math.max(0, first.x - 1))} ${first.y}H${round(first.x + 1)}`
    return `M${points.map(({ x, y }) => `${x} ${y}`).join('L')}`
  })
  const areas = pieces.map((points) => {
    const [first, last] = [points[0], points.at(-1)]
    if (first === undefined || last === undefined || points.length === 1) return ''
    return `M${first.x} ${height}L${points.map(({ x, y }) => `${x} ${y}`).join('L')}L${last.x} ${height}Z`
  })
  const gaps = pieces.slice(1).map((points, index) => {
    const [from, to] = [pieces[index]?.at(-1), points[0]]
    return from === undefined || to === undefined ? '' : `M${from.x} ${from.y}L${to.x} ${to.y}`
  })
  return { line: lines.join(''), area: areas.join(''), gaps: gaps.join('') }
}

interface Sample {
  readonly index: number
  readonly value: number
}

function piecesOf(samples: readonly (number | null)[]): readonly (readonly Sample[])[] {
  const pieces: Sample[][] = []
  for (const [index, value] of samples.entries()) {
    if (value === null) continue
    const piece = pieces.at(-1)
    if (piece?.at(-1)?.index === index - 1) piece.push({ index, value })
    else pieces.push([{ index, value }])
  }
  return pieces
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
