/** The upper bound of the first bucket. */
const firstMs = 0.1
/** Each bucket is this much wider than the one before: a percentile is at most a tenth off. */
const growth = 2 ** (1 / 4)

/** From a tenth of a millisecond to three minutes; whatever takes longer is in the last one. */
export const latencyBucketCount = 84

/** Which of the buckets a time belongs to, with bounds that grow by a fixed ratio: counts of any two moments can be added and subtracted. */
export function latencyBucketOf(ms: number): number {
  if (!(ms > firstMs)) return 0
  return Math.min(latencyBucketCount - 1, Math.ceil(Math.log(ms / firstMs) / Math.log(growth)))
}

/** The time that stands for all in a bucket: its middle, as ratios go. */
export function latencyOfBucket(bucket: number): number {
  return bucket === 0 ? firstMs : firstMs * growth ** (bucket - 0.5)
}

/** @param share 0 to 1. @returns nothing when all counts are zero. */
export function percentileOf(counts: ArrayLike<number>, share: number): number | undefined {
  let total = 0
  for (let bucket = 0; bucket < counts.length; bucket++) total += counts[bucket] ?? 0
  if (total === 0) return undefined
  let left = Math.ceil(total * share)
  for (let bucket = 0; bucket < counts.length; bucket++) {
    left -= counts[bucket] ?? 0
    if (left <= 0) return latencyOfBucket(bucket)
  }
  return latencyOfBucket(counts.length - 1)
}
