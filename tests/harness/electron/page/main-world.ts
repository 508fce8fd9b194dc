import type { joinWorlds } from './join-worlds.ts'

/** Runs in the page's own world before any script of it: puts there what the preload exposes, and nothing else. */
export function mainWorld(join: typeof joinWorlds, names: { send: string; receive: string }): void {
  const freeze = (value: unknown): unknown => {
    if (value !== null && typeof value === 'object') {
      for (const item of Object.values(value)) freeze(item)
      Object.freeze(value)
    }
    return value
  }
  join(names, (name, value) => {
    if (!(name in globalThis))
      Object.defineProperty(globalThis, name, { value: freeze(value), enumerable: true })
  })
}
