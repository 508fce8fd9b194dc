import { negativeCheckMs } from '../limits.ts'

/**
 * Names of one directory that a look-up failed for. They live until the directory's mtime AS SEEN BY THE CLIENT moves, which is looked at
 * every 10 s at most (webdavfs-403: V:1052-1072, H:785), or until something is created, removed or renamed in it from here.
 */
export class NegativeNames {
  readonly #names = new Set<string>()
  #directoryModifiedSec: number | undefined
  #checkedAtMs = -Infinity

  has(name: string): boolean {
    return this.#names.has(name)
  }

  add(name: string, directoryModifiedSec: number | undefined, nowMs: number): void {
    if (this.#names.size === 0) {
      this.#directoryModifiedSec = directoryModifiedSec
      this.#checkedAtMs = nowMs
    }
    this.#names.add(name)
  }

  isCheckDue(nowMs: number): boolean {
    return nowMs - this.#checkedAtMs >= negativeCheckMs
  }

  /** Compares with the directory's present mtime; all names are forgotten when it moved. */
  check(directoryModifiedSec: number | undefined, nowMs: number): void {
    this.#checkedAtMs = nowMs
    if (directoryModifiedSec !== this.#directoryModifiedSec) this.forget()
  }

  /** True when the mtime the names were learnt under is still `directoryModifiedSec`, so that they stay. */
  survive(directoryModifiedSec: number | undefined): boolean {
    return directoryModifiedSec === this.#directoryModifiedSec
  }

  forget(): void {
    this.#names.clear()
    this.#directoryModifiedSec = undefined
  }
}
