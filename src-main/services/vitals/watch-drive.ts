import type { Timer } from '../../lib/clock.ts'
import { createEmitter } from '../../lib/event.ts'
import type { RecentFile, VitalsView } from '../../shared/app/snapshot.ts'
import type { SerializedError } from '../../shared/errors.ts'
import type { FrontCounters, FrontEvent } from '../../shared/front-protocol.ts'
import { AtMost } from './at-most.ts'
import { CounterDifferences } from './front-counters.ts'
import { LatencyWindow } from './latency-window.ts'
import type { MetricsPoll } from './metrics-poll.ts'
import { DriveSync, type DriveSyncDeps } from './sync/drive-sync.ts'
import { isFileEvent } from './sync/file-events.ts'
import { Throughput } from './throughput.ts'
import type { FrontStatus, LatencySummary, ObjectsPlace, WatchedDrive, WatchedSubject } from './vitals.ts'

export interface WatchDeps extends Omit<DriveSyncDeps, 'onChanged' | 'exportStatusOf'> {
  readonly poll: Pick<MetricsPoll, 'follow'>
  readonly onEnd: () => void
}

const changedPauseMs = 500
/** How often numbers are looked at that change by themselves: rates that fall, ages that rise. */
const ratesMs = 1_000
const agesMs = 5_000

export class Watched implements WatchedDrive {
  readonly driveId: string
  readonly changed = createEmitter<undefined>()
  readonly recent = createEmitter<RecentFile>()
  readonly #deps: WatchDeps
  readonly #sync: DriveSync
  readonly #roundTrips = new LatencyWindow()
  readonly #requests = new LatencyWindow()
  readonly #counters = new CounterDifferences()
  readonly #throughput = new Throughput()
  readonly #atMost: AtMost
  #objects: ObjectsPlace
  #isMounted = true
  #followed: Disposable | undefined
  #tick: Timer | undefined

  constructor({ driveId, objects, exportStatusOf }: WatchedSubject, deps: WatchDeps) {
    this.driveId = driveId
    this.#deps = deps
    this.#objects = objects
    this.#atMost = new AtMost(() => this.changed.fire(undefined), changedPauseMs, deps.clock)
    this.#sync = new DriveSync(objects, { ...deps, exportStatusOf, onChanged: () => this.#touch() })
    this.#sync.files.recent.on((fact) => this.recent.fire({ driveId, ...fact }))
    this.#follow()
  }

  hear(event: FrontEvent): void {
    if (isFileEvent(event)) this.#sync.hear(event)
    else if (event.type === 'counters') this.#count(event.counters)
    else if (event.type === 'status') this.hearStatus(event)
  }

  hearStatus({ counters, uploads }: FrontStatus): void {
    if (uploads.pending + uploads.attention === 0) this.#sync.allDelivered()
    this.#count(counters)
  }

  roundTrip(ms: number): void {
    if (!this.#isMounted) return
    this.#roundTrips.add(ms, this.#deps.clock.monotonicMs())
    this.#touch()
  }

  setMounted(isMounted: boolean): void {
    if (isMounted === this.#isMounted) return
    this.#isMounted = isMounted
    this.#roundTrips.clear()
    this.#requests.clear()
    this.#throughput.clear()
    this.#follow()
    this.#touch()
  }

  setObjects(objects: ObjectsPlace): void {
    this.#objects = objects
    this.#sync.setObjects(objects)
    this.#follow()
  }

  view(): VitalsView {
    const nowMs = this.#deps.clock.monotonicMs()
    return {
      latency: this.#roundTrips.view(nowMs) ?? this.#requests.view(nowMs),
      sync: this.#sync.view(),
      ...this.#throughput.rates(nowMs),
    }
  }

  latencies(): {
    readonly roundTrips: LatencySummary | undefined
    readonly requests: LatencySummary | undefined
  } {
    const nowMs = this.#deps.clock.monotonicMs()
    return { roundTrips: this.#roundTrips.summary(nowMs), requests: this.#requests.summary(nowMs) }
  }

  trouble(): SerializedError | undefined {
    return this.#sync.trouble()
  }

  wake(): void {
    this.#sync.wake()
  }

  [Symbol.dispose](): void {
    this.#sync[Symbol.dispose]()
    this.#followed?.[Symbol.dispose]()
    this.#atMost[Symbol.dispose]()
    this.#tick?.[Symbol.dispose]()
    this.#deps.onEnd()
  }

  #count(counters: FrontCounters): void {
    const meanwhile = this.#counters.since(counters)
    if (meanwhile === undefined || !this.#isMounted) return
    const nowMs = this.#deps.clock.monotonicMs()
    this.#requests.addCounts(meanwhile.latencyCounts, nowMs)
    this.#throughput.add(meanwhile, nowMs)
    this.#touch()
  }

  #follow(): void {
    this.#followed?.[Symbol.dispose]()
    const objects = this.#objects
    const isFollowed = this.#isMounted && objects.kind === 's3'
    this.#followed = isFollowed ? this.#deps.poll.follow(objects) : undefined
  }

  #touch(): void {
    this.#atMost.poke()
    if (this.#tick !== undefined) return
    const { clock } = this.#deps
    const isMoving = this.#throughput.isMoving(clock.monotonicMs())
    if (!isMoving && this.#sync.files.count === 0) return
    const tick = (): void => {
      this.#tick = undefined
      this.#sync.forgetOld()
      this.#touch()
    }
    this.#tick = clock.setTimeout(tick, isMoving ? ratesMs : agesMs).unref()
  }
}
