import { randomBytes } from 'node:crypto'

/** `.mountbar-<whose>-<random>.part`. The Mac's own backends name theirs alike; those are nobody's business here, but not shown either. */
const pattern = /^\.mountbar-([0-9a-f]+)-[0-9a-f]{16}\.part$/
const prefix = '.mountbar-'

/** Long enough for any upload, and for a clock that is wrong by hours. */
const foreignAgeMs = 24 * 60 * 60 * 1000

export function isTemporaryName(name: string): boolean {
  return name.startsWith(prefix) && pattern.test(name)
}

/** The names of the files that this process has not completed, and who else's may be removed. */
export class TemporaryFiles {
  readonly #instanceId: string
  readonly #startedMs: number
  readonly #inUse = new Set<string>()

  constructor(instanceId: string, startedMs: number) {
    this.#instanceId = instanceId
    this.#startedMs = startedMs
  }

  /** A name for a file beside its target, which may itself have the full 255 bytes. Whoever takes it gives it back by `release`. */
  take(): string {
    const name = `${prefix}${this.#instanceId}-${randomBytes(8).toString('hex')}.part`
    this.#inUse.add(name)
    return name
  }

  release(name: string): void {
    this.#inUse.delete(name)
  }

  /**
   * Whether the writer of `name`, written last at `modifiedMs`, is gone: an earlier process of the same agent, or somebody who has not
   * touched it for a day. Other agents, on other machines, share the file system and may be writing right now.
   */
  isLeftover(name: string, modifiedMs: number, nowMs: number): boolean {
    const instanceId = pattern.exec(name)?.[1]
    if (instanceId === undefined || this.#inUse.has(name)) return false
    if (instanceId === this.#instanceId && modifiedMs < this.#startedMs) return true
    return modifiedMs < nowMs - foreignAgeMs
  }
}
