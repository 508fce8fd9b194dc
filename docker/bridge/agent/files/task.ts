import { BridgeError } from '../../lib/bridge-error.ts'
import type { Lane } from './lane.ts'

/** One request at work: its system calls go through its lane, and none begins after it was called off. */
export class Task {
  readonly signal: AbortSignal
  readonly #lane: Lane

  constructor(lane: Lane, signal: AbortSignal) {
    this.#lane = lane
    this.signal = signal
  }

  /** @throws BridgeError `cancelled` instead of beginning `call`; what `call` throws. */
  async run<T>(call: () => Promise<T>): Promise<T> {
    return await this.#lane.run(call, this.signal)
  }

  /** For what must be done although the task was called off: the steps after a change, and tidying up. */
  async finish<T>(call: () => Promise<T>): Promise<T> {
    return await this.#lane.run(call)
  }

  /** The same work in another lane. */
  in(lane: Lane): Task {
    return new Task(lane, this.signal)
  }

  throwIfCancelled(): void {
    if (this.signal.aborted) throw new BridgeError('cancelled')
  }
}
