import type { Holder } from './holder.ts'

/** Who wants a fetch to go on, and how far. */
export class Demand {
  readonly #holders = new Set<Holder>()
  #summonedTo = 0

  get holders(): readonly Holder[] {
    return [...this.#holders]
  }

  add(holder: Holder): void {
    this.#holders.add(holder)
  }

  /** @returns whether that was the last one. */
  remove(holder: Holder): boolean {
    return this.#holders.delete(holder) && this.#holders.size === 0
  }

  /** From now on `block` is wanted, and all before it, whoever else may bring some of that. */
  summon(block: number): void {
    this.#summonedTo = Math.max(this.#summonedTo, block + 1)
  }

  isSummoned(block: number): boolean {
    return block < this.#summonedTo
  }

  /** Whether the foremost of the holders is near enough to have `block` fetched. */
  reaches(block: number): boolean {
    for (const { limit } of this.#holders) if (block < limit) return true
    return false
  }
}
