import { createEmitter, type Listener } from '../../lib/event.ts'
import type { AppError } from '../../shared/errors.ts'
import type { FrontEvent } from '../../shared/front-protocol.ts'
import type { RequestRecord } from '../webdav/request-observer.ts'

/** What a front has to tell, to whoever listens; requests only while somebody asked for them. */
export class FrontEvents {
  readonly #emitter = createEmitter<FrontEvent>()
  readonly #requests = createEmitter<FrontEvent>()
  #requestListeners = 0
  #isStalled = false

  get health(): 'ok' | 'stalled' {
    return this.#isStalled ? 'stalled' : 'ok'
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
    this.#isStalled = true
    this.#emitter.fire({ type: 'stalled', operation })
  }

  readonly recovered = (afterMs: number): void => {
    this.#isStalled = false
    this.#emitter.fire({ type: 'recovered', afterMs })
  }

  /** Something went wrong that stops nobody, but that a person should know. */
  readonly warning = (error: AppError): void => {
    this.#emitter.fire({ type: 'warning', error: error.toJSON() })
  }
}
