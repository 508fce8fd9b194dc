import { startProgram, type ChildProgram } from '../../lib/child-program.ts'
import type { Clock, Timer } from '../../lib/clock.ts'
import { eachLine } from '../../lib/lines.ts'
import { probeLineSchema, probeRequest, type ProbeLine } from './probe-protocol.ts'

export type ProbeResult = ProbeLine | { readonly type: 'silent' }

export interface ProberOptions {
  /** Program and arguments of a probe process. */
  readonly command: readonly [program: string, ...args: string[]]
  readonly clock: Clock
  readonly onResult: (result: ProbeResult) => void
  readonly intervalMs?: number
  readonly limitMs?: number
}

const defaultIntervalMs = 5_000
const defaultLimitMs = 5_000

/** A stuck probe is replaced this much later at first, then every so often; what it waits for is noticed the moment it comes. */
const renewAfterMs = 30_000

/** Asks the mount again and again, through a process that may get stuck in its place. */
export class Prober implements Disposable {
  readonly #options: ProberOptions
  #child: ChildProgram | undefined
  #timer: Timer | undefined
  #isWaiting = false
  #isDisposed = false

  constructor(options: ProberOptions) {
    this.#options = options
    this.#probe()
  }

  /** Asks at once, unless an answer is still awaited. */
  probeNow(): void {
    if (this.#isWaiting || this.#isDisposed) return
    this.#probe()
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true
    this.#timer?.[Symbol.dispose]()
    this.#child?.signal('SIGKILL')
  }

  #probe(): void {
    this.#isWaiting = true
    this.#child ??= this.#startChild()
    this.#child.stdin.write(probeRequest)
    this.#after(this.#options.limitMs ?? defaultLimitMs, () => this.#beSilent())
  }

  #startChild(): ChildProgram {
    const [program, ...args] = this.#options.command
    const child = startProgram(program, args)
    child.stderr.resume()
    eachLine(child.stdout, (line) => {
      if (child === this.#child) this.#hear(line)
    })
    void child.ended.then(() => {
      if (child !== this.#child) return
      this.#child = undefined
      // Nobody can answer any more; the next probe starts a new process, after a pause.
      if (this.#isWaiting) this.#settle({ type: 'failed', code: 'probe-died' })
    })
    return child
  }

  #hear(line: string): void {
    const parsed = parse(line)
    if (parsed !== undefined && this.#isWaiting) this.#settle(parsed)
  }

  #settle(result: ProbeResult): void {
    this.#isWaiting = false
    if (this.#isDisposed) return
    this.#after(this.#options.intervalMs ?? defaultIntervalMs, () => this.#probe())
    this.#options.onResult(result)
  }

  /** Goes on waiting: the answer may come at any moment. */
  #beSilent(): void {
    this.#after(renewAfterMs, () => this.#renew())
    this.#options.onResult({ type: 'silent' })
  }

  #renew(): void {
    this.#child?.signal('SIGKILL')
    this.#child = undefined
    this.#probe()
  }

  #after(delayMs: number, callback: () => void): void {
    this.#timer?.[Symbol.dispose]()
    this.#timer = this.#options.clock.setTimeout(callback, delayMs)
  }
}

function parse(line: string): ProbeLine | undefined {
  try {
    return probeLineSchema.parse(JSON.parse(line))
  } catch {
    return undefined
  }
}
