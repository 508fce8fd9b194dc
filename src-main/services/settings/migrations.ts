/** A settings object of some older version; its shape is known only to the step that lifts it. */
export type OldSettings = Readonly<Record<string, unknown>>

/** One pure step per version: `migrations[n]` makes version n + 1 of version n. Steps are never changed once released. */
export type Migrations = Readonly<Record<number, (settings: OldSettings) => OldSettings>>

export const migrations: Migrations = {
  // Drives got a write mode. Before, every write went through to the files; a queue keeps its promises as well and is faster.
  1: (settings) => ({ ...settings, drives: each(settings['drives'], { writeMode: 'queued' }) }),
  // Drives of another kind came; those that were there stay as they are.
  2: (settings) => settings,
  // The app came, with choices of its own.
  3: (settings) => ({ ...settings, updateChannel: 'stable', notifications: {} }),
}

/** `settings` lifted step by step from `version` to `to`. @throws when a step is missing, for such a version never existed. */
export function migrate(settings: OldSettings, version: number, to: number, steps: Migrations): OldSettings {
  let current = settings
  for (let from = version; from < to; from++) {
    const step = steps[from]
    if (step === undefined) throw new RangeError(`no migration from settings version ${from}`)
    current = { ...step(current), version: from + 1 }
  }
  return current
}

/** Every object of an array with `additions`; what is none stays, for the schema to refuse. */
function each(values: unknown, additions: OldSettings): unknown {
  if (!Array.isArray(values)) return values
  return values.map((value: unknown) =>
    typeof value === 'object' && value !== null ? { ...value, ...additions } : value,
  )
}
