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

  /** What becomes of files. How uploads move on their way shows in the reports of who watches. */
  readonly upload = (event: UploadEvent): void => {
    const told = toldOf(event)
    if (told !== undefined) this.#emitter.fire(told)
  }

  /** Something went wrong that stops nobody, but that a person should know. */
  readonly warning = (error: AppError): void => {
    this.#emitter.fire({ type: 'warning', error: error.toJSON() })
  }
}

function toldOf(event: UploadEvent): FrontEvent | undefined {
  switch (event.type) {
    case 'accepted': {
      const { id, path, size, acceptedMs } = event
      return { type: 'saved', id, path, size, atMs: acceptedMs }
    }
    case 'delivered': {
      const { id, path, size, acceptedMs, atMs } = event
      return { type: 'delivered', id, path, size, savedMs: acceptedMs, atMs }
    }
    case 'attention':
      return { type: 'upload-attention', id: event.id, path: event.path, error: event.error }
    case 'conflict':
      return { type: 'conflict', path: event.path, keptAs: event.keptAs }
    case 'moved':
    case 'removed':
    case 'discarded':
      return event
    case 'retrying':
      return undefined
  }
}
