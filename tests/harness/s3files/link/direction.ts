import { once } from 'node:events'
import type { Socket } from 'node:net'

import type { Clock } from '../../../../src-main/lib/clock.ts'
import type { LinkConditions } from './conditions.ts'

export interface Direction {
  readonly from: Socket
  readonly to: Socket
  readonly delayMs: () => number
  readonly conditions: LinkConditions
  /** Resolves when the path is whole, at once if it is. */
  readonly whole: (signal: AbortSignal) => Promise<void>
  readonly clock: Clock
  readonly signal: AbortSignal
}

interface InFlight {
  readonly chunk: Buffer
  readonly dueMs: number
}

/** What fits on the wire before the sender feels back-pressure: a tenth of a second at 10 Gbit/s, and more than TCP's own windows. */
const maxInFlightBytes = 16 * 1024 * 1024

/**
 * Carries bytes one way, late and slowly as the conditions say, until the sender ends. Once `signal` is aborted what still comes is
 * thrown away, so that a closed connection ends with a FIN: unread bytes would make the kernel send a reset.
 */
export async function carry(direction: Direction): Promise<void> {
  const { from, to, signal } = direction
  const wire = new Wire(direction)
  const delivered = wire.deliver()
  // It may fail long before anybody waits for it.
  delivered.catch(() => undefined)
  try {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      if (!signal.aborted) await wire.put(chunk)
    }
  } finally {
    wire.end()
  }
  await delivered
  to.end()
}

class Wire {
  readonly #direction: Direction
  readonly #inFlight: InFlight[] = []
  #inFlightBytes = 0
  #freeAtMs = 0
  #ended = false
  #wake: () => void = () => undefined
  #drained: () => void = () => undefined

  constructor(direction: Direction) {
    this.#direction = direction
  }

  /** Resolves when there is room for more. */
  async put(chunk: Buffer): Promise<void> {
    const { clock, conditions, delayMs } = this.#direction
    const sendMs = (chunk.length / conditions.bytesPerSecond) * 1000
    this.#freeAtMs = Math.max(this.#freeAtMs, clock.monotonicMs()) + sendMs
    this.#inFlight.push({ chunk, dueMs: this.#freeAtMs + delayMs() })
    this.#inFlightBytes += chunk.length
    this.#wake()
    while (this.#inFlightBytes > maxInFlightBytes && !this.#direction.signal.aborted) {
      await new Promise<void>((resolve) => (this.#drained = resolve))
    }
  }

  end(): void {
    this.#ended = true
    this.#wake()
  }

  async deliver(): Promise<void> {
    const { to, clock, whole, signal } = this.#direction
    const onAbort = (): void => {
      this.#wake()
      this.#drained()
    }
    signal.addEventListener('abort', onAbort, { once: true })
    for (;;) {
      signal.throwIfAborted()
      const next = this.#inFlight.shift()
      if (next === undefined) {
        if (this.#ended) return
        await new Promise<void>((resolve) => (this.#wake = resolve))
        continue
      }
      const waitMs = next.dueMs - clock.monotonicMs()
      if (waitMs > 0) await clock.sleep(waitMs, signal)
      await whole(signal)
      this.#inFlightBytes -= next.chunk.length
      this.#drained()
      if (!to.write(next.chunk)) await once(to, 'drain', { signal })
    }
  }
}
