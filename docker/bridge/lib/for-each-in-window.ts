/**
 * Runs `visit` for every item, at most `windowSize` at a time, in the order of the items. Rejects with the first
 * failure, once the visits under way have ended; no other begins after it.
 */
export async function forEachInWindow<T>(
  items: readonly T[],
  windowSize: number,
  visit: (item: T) => Promise<void>,
): Promise<void> {
  const remaining = items.values()
  let failure: { readonly error: unknown } | undefined
  const lane = async (): Promise<void> => {
    for (const item of remaining) {
      try {
        await visit(item)
      } catch (error) {
        failure ??= { error }
      }
      if (failure !== undefined) return
    }
  }
  await Promise.all(Array.from({ length: Math.min(windowSize, items.length) }, lane))
  if (failure !== undefined) throw failure.error
}
