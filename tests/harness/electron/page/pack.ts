/*
 * Between a page and the test's process there are only strings. These two functions know nothing from outside of themselves: their text
 * is part of what runs in the page.
 */

/** What `JSON.stringify` would lose or change is wrapped. @throws as Electron does for what cannot be cloned, functions first of all. */
export function packValue(value: unknown): unknown {
  if (value === undefined) return { $: 'undefined' }
  if (typeof value === 'bigint') return { $: 'bigint', value: String(value) }
  if (typeof value === 'number' && !Number.isFinite(value)) return { $: 'number', value: String(value) }
  if (typeof value === 'function' || typeof value === 'symbol')
    throw new Error('An object could not be cloned.')
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((item: unknown) => packValue(item))
  if (value instanceof Date) return { $: 'date', value: value.getTime() }
  if (value instanceof Error) return { $: 'error', name: value.name, message: value.message }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    throw new Error('The Electron stand-in passes on only plain objects, arrays, dates and errors.')
  const packed = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, packValue(item)]))
  return '$' in value ? { $: 'object', value: packed } : packed
}

export function unpackValue(packed: unknown): unknown {
  if (packed === null || typeof packed !== 'object') return packed
  if (Array.isArray(packed)) return packed.map((item: unknown) => unpackValue(item))
  const unpackEach = (of: object): Record<string, unknown> =>
    Object.fromEntries(Object.entries(of).map(([key, item]) => [key, unpackValue(item)]))
  if (!('$' in packed)) return unpackEach(packed)
  const { $: kind, value, message } = packed as { $: string; value?: unknown; message?: string }
  if (kind === 'undefined') return undefined
  if (kind === 'bigint') return BigInt(value as string)
  if (kind === 'number') return Number(value)
  if (kind === 'date') return new Date(value as number)
  if (kind === 'error') return new Error(message)
  return unpackEach(value as object)
}
