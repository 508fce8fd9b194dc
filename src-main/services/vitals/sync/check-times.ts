import type { DeliveredFile } from './file-on-its-way.ts'

/** Between checks of one file: never less than 15 s. The object says itself when it was made, so that looking late costs no exactness. */
const pausesMs = [15_000, 15_000, 30_000, 60_000, 120_000, 300_000] as const
/** Nearly all exports are through a few seconds after the quiet minute. */
const graceMs = 4_000

interface Turn {
  readonly checks: number
  readonly dueMs: number
}

/** When which file is to be looked for, by a clock that never goes back. Forgets a file with the object that stands for it. */
export class CheckTimes {
  readonly #turns = new WeakMap<DeliveredFile, Turn>()

  /** @param ageMs since the delivery. */
  dueMs(file: DeliveredFile, ageMs: number, nowMs: number, quietMs: number): number {
    const known = this.#turns.get(file)
    if (known !== undefined) return known.dueMs
    const dueMs = nowMs + Math.max(0, quietMs + graceMs - ageMs)
    this.#turns.set(file, { checks: 0, dueMs })
    return dueMs
  }

  checked(file: DeliveredFile, nowMs: number): void {
    const { checks } = this.#turns.get(file) ?? { checks: 0 }
    const pauseMs = pausesMs[Math.min(checks, pausesMs.length - 1)] ?? 300_000
    this.#turns.set(file, { checks: checks + 1, dueMs: nowMs + pauseMs })
  }
}
