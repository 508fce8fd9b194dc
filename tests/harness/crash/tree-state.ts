/** A folder's content by path below it, as `/a/b.txt`: a file's text, or `null` for a directory. */
export type TreeState = ReadonlyMap<string, string | null>

export type TreeChange =
  | { readonly kind: 'put'; readonly path: string; readonly text: string }
  | { readonly kind: 'mkcol'; readonly path: string }
  | { readonly kind: 'move'; readonly path: string; readonly to: string }
  | { readonly kind: 'delete'; readonly path: string }

/** The state that a change which was answered leaves. */
export function applied(state: TreeState, change: TreeChange): TreeState {
  const next = new Map(state)
  switch (change.kind) {
    case 'put':
      next.set(change.path, change.text)
      break
    case 'mkcol':
      next.set(change.path, null)
      break
    case 'delete':
      for (const path of within(state, change.path)) next.delete(path)
      break
    case 'move':
      for (const path of within(state, change.to)) next.delete(path)
      for (const path of within(state, change.path)) next.delete(path)
      for (const path of within(state, change.path))
        next.set(change.to + path.slice(change.path.length), state.get(path)!)
  }
  return next
}

/** `path` and what is below it. */
export function within(state: TreeState, path: string): readonly string[] {
  return [...state.keys()].filter((candidate) => candidate === path || candidate.startsWith(`${path}/`))
}

/**
 * What is wrong with `seen`, or undefined. `before` is what it must be; where a change was on its way that nobody has answered, it may
 * as well be what that leaves. Only a removal may stop half-way.
 */
export function wrongWith(
  seen: TreeState,
  before: TreeState,
  unanswered: TreeChange | undefined,
): string | undefined {
  const difference = differenceOf(seen, before)
  if (difference === undefined || unanswered === undefined) return difference
  const after = applied(before, unanswered)
  if (differenceOf(seen, after) === undefined) return undefined
  if (unanswered.kind === 'delete' && isBetween(seen, after, before)) return undefined
  return `${difference}; or, with ${describeChange(unanswered)}: ${differenceOf(seen, after) ?? ''}`
}

export function describeChange(change: TreeChange): string {
  const more = change.kind === 'put' ? summary(change.text) : change.kind === 'move' ? change.to : ''
  return `${change.kind} ${change.path} ${more}`.trim()
}

function isBetween(seen: TreeState, less: TreeState, more: TreeState): boolean {
  return (
    [...less].every(([path, text]) => seen.get(path) === text) &&
    [...seen].every(([path, text]) => more.has(path) && more.get(path) === text)
  )
}

function differenceOf(seen: TreeState, expected: TreeState): string | undefined {
  const found = new Set([...seen.keys(), ...expected.keys()])
  const lines = [...found]
    .filter((path) => seen.get(path) !== expected.get(path))
    .map((path) => `${path} is ${summary(seen.get(path))}, not ${summary(expected.get(path))}`)
  return lines.length === 0 ? undefined : lines.join('; ')
}

function summary(text: string | null | undefined): string {
  if (text === undefined) return 'nothing'
  if (text === null) return 'a directory'
  return `${text.length} bytes of "${text.slice(0, 24).trimEnd()}"`
}
