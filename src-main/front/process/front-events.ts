import type { Clock } from '../../lib/clock.ts'
import { createEmitter, type Listener } from '../../lib/event.ts'
import type { FrontEvent } from '../../shared/front-protocol.ts'
import type { RequestRecord } from '../webdav/request-observer.ts'

/** What a front has to tell, to whoever listens; requests only while somebody asked for them. */
export class FrontEvents {
  readonly #clock: Clock
  readonly #emitter = createEmitter<FrontEvent>()
  readonly #requests = createEmitter<FrontEvent>()
  #requestListeners = 0
  #stalledSinceMs: number | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get health(): 'ok' | 'stalled' {
    return this.#stalledSinceMs === undefined ? 'ok' : 'stalled'
  }

  /** Everything but requests, and those too when `requests` is true. */
  on(listener: Listener<FrontEvent>, requests: boolean): Disposable {
    const stack = new DisposableStack()
    stack.use(this.#emitter.on(listener))
    if (requests) {
      stack.use(this.#requests.on(listener))
      this.#requestListeners++
      stack.defer(() => this.#requestListeners--)
    }
    return stack
  }

  request(record: RequestRecord): void {
    if (this.#requestListeners === 0) return
    const { method, path, status, ms, bytesIn, bytesOut, manner } = record
    this.#requests.fire({ type: 'request', method, path, status, ms, bytesIn, bytesOut, manner })
  }

  readonly stalled = (operation: string): void => {
    this.#stalledSinceMs ??= this.#clock.monotonicMs()
    this.#emitter.fire({ type: 'stalled', operation })
  }

  readonly recovered = (): void => {
    const afterMs = this.#clock.monotonicMs() - (this.#stalledSinceMs ?? this.#clock.monotonicMs())
    this.#stalledSinceMs = undefined
    this.#emitter.fire({ type: 'recovered', afterMs })
  }
}
