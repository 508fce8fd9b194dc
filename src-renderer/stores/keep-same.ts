/**
 * `next`, made of the parts of `before` wherever the two are alike. A snapshot comes as a copy of its own each time: so what did not
 * change is the same object as before, and is not rendered again. Items of a list are matched by their `id`, where they have one.
 */
export function keepSame<T>(before: unknown, next: T): T
export function keepSame(before: unknown, next: unknown): unknown {
  if (Object.is(before, next)) return before
  if (Array.isArray(before) && Array.isArray(next)) return keepList(before, next)
  if (isRecord(before) && isRecord(next)) return keepRecord(before, next)
  return next
}

type Fields = Readonly<Record<string, unknown>>

function keepList(before: readonly unknown[], next: readonly unknown[]): readonly unknown[] {
  const byId = new Map(before.map((item) => [idOf(item), item]))
  const items = next.map((item, index) => {
    const id = idOf(item)
    return keepSame(id === undefined ? before[index] : byId.get(id), item)
  })
  const isSame = items.length === before.length && items.every((item, index) => item === before[index])
  return isSame ? before : items
}

function keepRecord(before: Fields, next: Fields): Fields {
  const fields = Object.entries(next).map(([name, value]) => [name, keepSame(before[name], value)] as const)
  const isSame =
    fields.length === Object.keys(before).length &&
    fields.every(([name, value]) => name in before && Object.is(before[name], value))
  return isSame ? before : Object.fromEntries(fields)
}

function idOf(item: unknown): unknown {
  return isRecord(item) ? item['id'] : undefined
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
