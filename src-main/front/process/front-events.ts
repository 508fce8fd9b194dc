import { createEmitter, type Listener } from '../../lib/event.ts'
import type { AppError } from '../../shared/errors.ts'
import type { FrontEvent } from '../../shared/front-protocol.ts'
import type { HealthKind } from '../vfs/patience/health-state.ts'
import type { UploadEvent } from '../vfs/uploads/upload.ts'
import type { RequestRecord } from '../webdav/request-observer.ts'

/** What a front has to tell, to whoever listens; requests only while somebody asked for them. */
export class FrontEvents {
  readonly #emitter = createEmitter<FrontEvent>()
  readonly #requests = createEmitter<FrontEvent>()
  #requestListeners = 0
  #health: HealthKind = 'ok'

  /** How the backend answers. */
  get health(): HealthKind {
    return this.#health
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

  readonly healthChanged = (kind: HealthKind): void => {
    this.#health = kind
  }

  readonly stalled = (operation: string): void => {
    this.#emitter.fire({ type: 'stalled', operation })
  }

  readonly recovered = (afterMs: number): void => {
    this.#emitter.fire({ type: 'recovered', afterMs })
  }

  /** Only what a person has to know of; how uploads move shows in the reports of who watches. */
  readonly upload = (event: UploadEvent): void => {
    if (event.type === 'attention') {
      const { id, path, error } = event
      this.#emitter.fire({ type: 'upload-attention', id, path, error })
    }
    if (event.type === 'conflict') {
      this.#emitter.fire({ type: 'conflict', path: event.path, keptAs: event.keptAs })
    }
  }

  /** Something went wrong that stops nobody, but that a person should know. */
  readonly warning = (error: AppError): void => {
    this.#emitter.fire({ type: 'warning', error: error.toJSON() })
  }
}
