import type { FrontReport } from '../front/messages.ts'

/**
 * How far the order in which writes of `names` began lies from the order of `names`, in places: 0 is the very same, and
 * less than the number of parallel deliveries is as good as it gets. @throws when one was not written exactly once.
 */
export function largestDisplacement(calls: FrontReport['calls'], names: readonly string[]): number {
  const written = calls
    .filter(({ method }) => method === 'write')
    .toSorted((a, b) => a.startMs - b.startMs)
    .map(({ path }) => path)
  const placeOf = new Map(written.map((path, place) => [path, place]))
  if (placeOf.size !== written.length) throw new Error('an upload was written twice')
  const displacements = names.map((name, expected) => {
    const place = placeOf.get(name)
    if (place === undefined) throw new Error(`${name} was not written`)
    return Math.abs(place - expected)
  })
  return Math.max(0, ...displacements)
}
