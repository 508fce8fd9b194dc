import type { Clock } from './clock.ts'

/** How often it looks. */
const everyMs = 5_000
/**
 * From one look to the next. A machine so busy that a timer is fifteen seconds late is hardly met, and taking that for a sleep costs
 * one needless try; a sleep shorter than this breaks no connection.
 */
const awayMs = 20_000

export interface WakeWatchOptions {
  readonly everyMs?: number
  /** Must be more than `everyMs`, by what a busy machine may delay a timer. */
  readonly awayMs?: number
}

/**
 * Calls `onWake` whenever this process goes on after a time in which it did not run: the machine slept, or the process was stopped.
 * Both clocks are read, because which of them goes on in a sleep depends on the system; a wall clock that somebody sets forward
 * therefore counts, too. Does not keep the process alive. Dispose it to end that.
 */
export function watchForWakes(clock: Clock, onWake: () => void, options: WakeWatchOptions = {}): Disposable {
  const limitMs = options.awayMs ?? awayMs
  let before = read(clock)
  const look = (): void => {
    const now = read(clock)
    const passedMs = Math.max(now.wallMs - before.wallMs, now.monotonicMs - before.monotonicMs)
    before = now
    timer = start()
    if (passedMs >= limitMs) onWake()
  }
  const start = (): Disposable => clock.setTimeout(look, options.everyMs ?? everyMs).unref()
  let timer = start()
  return { [Symbol.dispose]: () => timer[Symbol.dispose]() }
}

function read(clock: Clock): { readonly wallMs: number; readonly monotonicMs: number } {
  return { wallMs: clock.now(), monotonicMs: clock.monotonicMs() }
}
