import { createEmitter } from '../../src-main/lib/event.ts'
import type {
  FrontStatus,
  ObjectsPlace,
  Vitals,
  WatchedDrive,
  WatchedSubject,
} from '../../src-main/services/vitals/vitals.ts'
import type { RecentFile, VitalsView } from '../../src-main/shared/app/snapshot.ts'
import type { FrontEvent } from '../../src-main/shared/front-protocol.ts'

/** Vitals that measure nothing: what they hear is kept, and what they show is what the test says. */
export class FakeVitals implements Vitals {
  readonly watched = new Map<string, FakeWatchedDrive>()
  readonly fileSystemsChanged = createEmitter<undefined>()
  wakes = 0

  watch(subject: WatchedSubject): WatchedDrive {
    const drive = new FakeWatchedDrive(subject, () => this.watched.delete(subject.driveId))
    this.watched.set(subject.driveId, drive)
    return drive
  }

  fileSystems(): readonly [] {
    return []
  }

  wake(): void {
    this.wakes += 1
  }

  [Symbol.dispose](): void {
    this.watched.clear()
  }
}

export class FakeWatchedDrive implements WatchedDrive {
  readonly driveId: string
  readonly changed = createEmitter<undefined>()
  readonly recent = createEmitter<RecentFile>()
  readonly heard: FrontEvent['type'][] = []
  readonly statuses: FrontStatus[] = []
  readonly roundTrips: number[] = []
  objects: ObjectsPlace
  isMounted = true
  shown: VitalsView = { latency: undefined, sync: undefined, bytesInPerSec: 0, bytesOutPerSec: 0 }
  readonly #onEnd: () => void

  constructor({ driveId, objects }: WatchedSubject, onEnd: () => void) {
    this.driveId = driveId
    this.objects = objects
    this.#onEnd = onEnd
  }

  hear({ type }: FrontEvent): void {
    this.heard.push(type)
  }

  hearStatus(status: FrontStatus): void {
    this.statuses.push(status)
  }

  roundTrip(ms: number): void {
    this.roundTrips.push(ms)
  }

  setMounted(isMounted: boolean): void {
    this.isMounted = isMounted
  }

  setObjects(objects: ObjectsPlace): void {
    this.objects = objects
  }

  show(view: VitalsView): void {
    this.shown = view
    this.changed.fire(undefined)
  }

  view(): VitalsView {
    return this.shown
  }

  latencies(): { readonly roundTrips: undefined; readonly requests: undefined } {
    return { roundTrips: undefined, requests: undefined }
  }

  trouble(): undefined {
    return undefined
  }

  [Symbol.dispose](): void {
    this.#onEnd()
  }
}
