import { next } from '../../core/drive-state.ts'
import type { DriveEvent } from '../../core/drive-state.ts'
import { createEmitter } from '../../lib/event.ts'
import type { Logger } from '../../lib/logger.ts'
import type { DriveState } from '../../shared/drive-state.ts'

/** A drive's state, changed by events only. */
export class ObservableState {
  readonly changed = createEmitter<DriveState>()
  readonly #driveId: string
  readonly #log: Logger
  #current: DriveState = { kind: 'unmounted' }

  constructor(driveId: string, log: Logger) {
    this.#driveId = driveId
    this.#log = log
  }

  get current(): DriveState {
    return this.#current
  }

  apply(event: DriveEvent): void {
    const after = next(this.#current, event)
    if (after === this.#current) {
      this.#log.debug('drive', 'event without effect', { id: this.#driveId, event: event.type })
      return
    }
    this.#current = after
    this.changed.fire(after)
  }
}
