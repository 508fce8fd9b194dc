import { fileRoutes } from '../../api/files.ts'
import { isAborted } from '../../lib/aborted.ts'
import type { Clock } from '../../lib/clock.ts'

export interface StuckWatchOptions {
  readonly port: number
  readonly token: string
  readonly clock: Clock
  /** Whether the mount answered lately: only then is a silent file service to blame itself. */
  readonly mountAnswers: () => boolean
  readonly onStuck: () => void
}

const everyMs = 20_000
const limitMs = 20_000

/** Uploads may fill all threads for a while; one that is stuck stays so. */
const maxMisses = 3

/** Asks the file service for the mount's size now and then, and says so when the mount answers the probe but not it. */
export class StuckWatch implements Disposable {
  readonly #options: StuckWatchOptions
  readonly #end = new AbortController()

  constructor(options: StuckWatchOptions) {
    this.#options = options
    void this.#watch()
  }

  [Symbol.dispose](): void {
    this.#end.abort()
  }

  async #watch(): Promise<void> {
    const { clock, mountAnswers, onStuck } = this.#options
    const { signal } = this.#end
    for (let misses = 0; !isAborted(signal);) {
      await clock.sleep(everyMs, signal).catch(() => undefined)
      if (isAborted(signal)) return
      const answered = await this.#ask()
      misses = answered || !mountAnswers() ? 0 : misses + 1
      if (misses < maxMisses) continue
      misses = 0
      onStuck()
    }
  }

  async #ask(): Promise<boolean> {
    const { port, token, clock } = this.#options
    const limit = new AbortController()
    using _timer = clock.setTimeout(() => limit.abort(), limitMs)
    try {
      const response = await fetch(`http://127.0.0.1:${port}${fileRoutes.space}`, {
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.any([limit.signal, this.#end.signal]),
      })
      await response.arrayBuffer()
      return true
    } catch {
      // A refused connection is a process that has just ended; its supervisor knows.
      return !limit.signal.aborted
    }
  }
}
