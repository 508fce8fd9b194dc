/** The middle value; of an even number the mean of the two in the middle. @throws RangeError on an empty list. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle]
  if (upper === undefined) throw new RangeError('no values')
  return sorted.length % 2 === 1 ? upper : (sorted[middle - 1]! + upper) / 2
}

/**
 * How far a typical value lies from the median, as a share of it (0.05 = 5 %): the median absolute deviation, which one
 * round that was disturbed does not move.
 */
export function spread(values: readonly number[]): number {
  const middle = median(values)
  return middle === 0 ? 0 : median(values.map((value) => Math.abs(value - middle))) / middle
}
