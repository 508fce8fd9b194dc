const windowMs = 5_000

interface Moved {
  readonly atMs: number
  readonly bytesIn: number
  readonly bytesOut: number
}

/** Bytes per second over the last seconds. A transfer counts when its request ends, so a large file shows late and high. */
export class Throughput {
  #moved: Moved[] = []

  add(bytes: Omit<Moved, 'atMs'>, nowMs: number): void {
    this.#forgetOld(nowMs)
    if (bytes.bytesIn > 0 || bytes.bytesOut > 0) this.#moved.push({ ...bytes, atMs: nowMs })
  }

  clear(): void {
    this.#moved = []
  }

  /** Whether it shows anything, and so will fall to nothing by itself. */
  isMoving(nowMs: number): boolean {
    this.#forgetOld(nowMs)
    return this.#moved.length > 0
  }

  rates(nowMs: number): { readonly bytesInPerSec: number; readonly bytesOutPerSec: number } {
    this.#forgetOld(nowMs)
    const sum = (of: (moved: Moved) => number): number =>
      this.#moved.reduce((all, moved) => all + of(moved), 0)
    const perSec = (bytes: number): number => Math.round((bytes * 1_000) / windowMs)
    return {
      bytesInPerSec: perSec(sum(({ bytesIn }) => bytesIn)),
      bytesOutPerSec: perSec(sum(({ bytesOut }) => bytesOut)),
    }
  }

  #forgetOld(nowMs: number): void {
    this.#moved = this.#moved.filter(({ atMs }) => atMs > nowMs - windowMs)
  }
}
