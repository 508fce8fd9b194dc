/** Something that took time, by one process's monotonic clock; `endMs` is missing while it lasts. */
export interface Interval {
  readonly startMs: number
  readonly endMs?: number | undefined
}

/**
 * Those of `calls` that somebody may have waited for: a request was open from their start to their end. A call that goes on
 * behind the answers (a delivery, say) outlasts the short requests around it and is not among them; one that happens to fall
 * within a long request is counted, so this errs against whoever is measured.
 */
export function waitedCalls<T extends Interval>(
  calls: readonly T[],
  requests: readonly Interval[],
): readonly T[] {
  return calls.filter((call) => requests.some((request) => contains(request, call)))
}

function contains(outer: Interval, inner: Interval): boolean {
  return outer.startMs <= inner.startMs && (outer.endMs ?? Infinity) >= (inner.endMs ?? Infinity)
}
