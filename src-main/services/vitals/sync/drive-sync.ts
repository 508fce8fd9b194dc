import type { Clock } from '../../../lib/clock.ts'
import type { Logger } from '../../../lib/logger.ts'
import type { SyncView } from '../../../shared/app/snapshot.ts'
import type { SerializedError } from '../../../shared/errors.ts'
import type { ObjectStore } from '../ports.ts'
import type { ObjectsPlace, WatchedSubject } from '../vitals.ts'
import { BucketLookout } from './bucket-lookout.ts'
import { ExportInquiry } from './export-inquiry.ts'
import type { FileEvent } from './file-events.ts'
import { FilesOnTheirWay } from './files-on-their-way.ts'
import type { RequestBudget } from './request-budget.ts'
import { SimulatedBucket } from './simulated-bucket.ts'

export interface DriveSyncDeps {
  readonly exportStatusOf: WatchedSubject['exportStatusOf']
  readonly objects: ObjectStore
  readonly budget: RequestBudget
  readonly quietMs: number
  readonly onChanged: () => void
  readonly clock: Clock
  readonly log: Logger
}

/** Whoever finds out what has arrived, in one kind of bucket. */
interface Lookout extends Disposable {
  hear(event: FileEvent): void
  wake(): void
  trouble(): SerializedError | undefined
}

/** The way of one drive's files to its bucket. */
export class DriveSync implements Disposable {
  readonly files = new FilesOnTheirWay()
  readonly #deps: DriveSyncDeps
  #objects: ObjectsPlace
  #lookout: Lookout | undefined

  constructor(objects: ObjectsPlace, deps: DriveSyncDeps) {
    this.#deps = deps
    this.#objects = objects
    this.#lookout = this.#lookoutFor(objects)
  }

  setObjects(objects: ObjectsPlace): void {
    if (JSON.stringify(objects) === JSON.stringify(this.#objects)) return
    this.#lookout?.[Symbol.dispose]()
    this.#objects = objects
    this.#lookout = this.#lookoutFor(objects)
    this.#lookout?.wake()
    this.#deps.onChanged()
  }

  hear(event: FileEvent): void {
    const hasChanged = this.files.hear(event, this.#deps.clock.now())
    this.#lookout?.hear(event)
    if (hasChanged) this.#deps.onChanged()
  }

  /** The front has nothing left to deliver: what it said of that may have been lost with one that died. */
  allDelivered(): void {
    for (const { uploadId: id, path, size, savedMs } of this.files.undelivered()) {
      this.hear({ type: 'delivered', id, path, size, savedMs, atMs: savedMs })
    }
  }

  /** To be called now and then while there are any. */
  forgetOld(): void {
    if (this.files.forgetOld(this.#deps.clock.now())) this.#deps.onChanged()
  }

  wake(): void {
    this.#lookout?.wake()
  }

  trouble(): SerializedError | undefined {
    return this.#lookout?.trouble()
  }

  view(): SyncView | undefined {
    if (this.#lookout === undefined || this.trouble() !== undefined) return undefined
    return {
      lastLagMs: this.files.lastLagMs,
      pending: this.files.count,
      oldestMs: this.files.oldestMs(this.#deps.clock.now()),
      isSimulated: this.#objects.kind === 'simulated',
    }
  }

  [Symbol.dispose](): void {
    this.#lookout?.[Symbol.dispose]()
  }

  #lookoutFor(objects: ObjectsPlace): Lookout | undefined {
    const { clock, log, onChanged, quietMs, exportStatusOf } = this.#deps
    const { files } = this
    switch (objects.kind) {
      case 's3': {
        const inquiry = new ExportInquiry({ files, exportStatusOf, clock, log })
        const lookout = new BucketLookout({ ...this.#deps, place: objects, files, inquiry })
        return {
          hear: () => lookout.notice(),
          wake: () => lookout.wake(),
          trouble: () => lookout.trouble(),
          [Symbol.dispose]: () => lookout[Symbol.dispose](),
        }
      }
      case 'simulated': {
        const onExported = (path: string, isThere: boolean): void => {
          const file = files.at(path)
          if (file === undefined) return
          if (isThere) files.arrived(file, clock.now())
          else files.drop(file)
          onChanged()
        }
        const { sourceDir, bucketDir } = objects
        const bucket = new SimulatedBucket({ sourceDir, bucketDir, quietMs, onExported, clock, log })
        return {
          hear: (event) => bucket.hear(event),
          wake: () => undefined,
          trouble: () => undefined,
          [Symbol.dispose]: () => bucket[Symbol.dispose](),
        }
      }
      case 'unknown':
        return undefined
    }
  }
}
