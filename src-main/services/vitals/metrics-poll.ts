import type { Clock, Timer } from '../../lib/clock.ts'
import { createEmitter } from '../../lib/event.ts'
import type { Logger } from '../../lib/logger.ts'
import { isAppError, toAppError } from '../../shared/errors.ts'
import type { AwsPlace, MetricQuery, Metrics, MetricValue } from './ports.ts'
import type { FileSystemVitals } from './vitals.ts'

/** GetMetricData is paid by the metric: five of them, every five minutes, are 1,440 a day for each file system. */
const pollMs = 5 * 60_000
/** Drives that are mounted together are asked about together. */
const firstMs = 5_000
/** Metrics are published every minute, and some of them late. */
const lookBackMs = 15 * 60_000
/** Who may not ask is not given the right within minutes. */
const deniedPauseMs = 60 * 60_000
const maxQueries = 500

const metrics = [
  { name: 'PendingExports', statistic: 'Sum' },
  { name: 'ExportAge', statistic: 'Maximum' },
  { name: 'ExportFailures', statistic: 'Sum' },
  { name: 'ImportFailures', statistic: 'Sum' },
  { name: 'LostAndFoundFiles', statistic: 'Sum' },
] as const

export interface FileSystemPlace extends AwsPlace {
  readonly fileSystemId: string
}

export interface MetricsPollDeps {
  readonly metrics: Metrics
  readonly clock: Clock
  readonly log: Logger
}

interface Followed {
  readonly place: FileSystemPlace
  users: number
  vitals: FileSystemVitals | undefined
  dueMs: number
}

/** Asks CloudWatch about file systems for as long as somebody follows them. */
export class MetricsPoll implements Disposable {
  readonly changed = createEmitter<undefined>()
  readonly #deps: MetricsPollDeps
  readonly #followed = new Map<string, Followed>()
  readonly #ending = new AbortController()
  #timer: Timer | undefined
  #isAsking = false

  constructor(deps: MetricsPollDeps) {
    this.#deps = deps
  }

  /** Until the handle is disposed; however many follow one file system, it is asked about once. */
  follow(place: FileSystemPlace): Disposable {
    const key = keyOf(place)
    const dueMs = this.#deps.clock.monotonicMs() + firstMs
    const followed = this.#followed.get(key) ?? { place, users: 0, vitals: undefined, dueMs }
    this.#followed.set(key, followed)
    followed.users += 1
    this.#arm()
    let isOver = false
    return {
      [Symbol.dispose]: () => {
        if (isOver) return
        isOver = true
        followed.users -= 1
        if (followed.users > 0) return
        this.#followed.delete(key)
        if (followed.vitals !== undefined) this.changed.fire(undefined)
      },
    }
  }

  vitals(): readonly FileSystemVitals[] {
    return [...this.#followed.values()].flatMap(({ vitals }) => vitals ?? [])
  }

  wake(): void {
    const dueMs = this.#deps.clock.monotonicMs() + firstMs
    for (const followed of this.#followed.values()) followed.dueMs = Math.min(followed.dueMs, dueMs)
    this.#arm()
  }

  [Symbol.dispose](): void {
    this.#ending.abort()
    this.#timer?.[Symbol.dispose]()
  }

  #arm(): void {
    this.#timer?.[Symbol.dispose]()
    this.#timer = undefined
    if (this.#ending.signal.aborted || this.#isAsking || this.#followed.size === 0) return
    const dueMs = Math.min(...[...this.#followed.values()].map((followed) => followed.dueMs))
    const delayMs = Math.max(0, dueMs - this.#deps.clock.monotonicMs())
    this.#timer = this.#deps.clock.setTimeout(() => void this.#poll(), delayMs).unref()
  }

  async #poll(): Promise<void> {
    this.#isAsking = true
    // Whoever is due in a moment is asked about with the others.
    const untilMs = this.#deps.clock.monotonicMs() + firstMs
    const due = [...this.#followed.values()].filter(({ dueMs }) => dueMs <= untilMs)
    const places = Map.groupBy(due, ({ place }) => JSON.stringify([place.region, place.profile]))
    const perCall = Math.floor(maxQueries / metrics.length)
    for (const all of places.values()) {
      for (let from = 0; from < all.length; from += perCall) await this.#ask(all.slice(from, from + perCall))
    }
    this.#isAsking = false
    this.#arm()
  }

  async #ask(all: readonly Followed[]): Promise<void> {
    const { clock, log } = this.#deps
    const { signal } = this.#ending
    const [first] = all
    if (first === undefined) return
    const isDenied = await this.#get(first.place, all, signal).then(
      () => false,
      (error: unknown) => {
        log.warn('vitals', 'CloudWatch not asked', { region: first.place.region, error: toAppError(error) })
        return isAppError(error, 'aws-denied')
      },
    )
    for (const followed of all) followed.dueMs = clock.monotonicMs() + (isDenied ? deniedPauseMs : pollMs)
  }

  async #get(place: AwsPlace, all: readonly Followed[], signal: AbortSignal): Promise<void> {
    const queries = all.flatMap((followed) => metrics.map((metric) => queryOf(followed.place, metric)))
    const sinceMs = this.#deps.clock.now() - lookBackMs
    const values = await this.#deps.metrics.get(place, queries, sinceMs, signal)
    for (const [index, followed] of all.entries()) {
      const from = index * metrics.length
      followed.vitals = vitalsOf(followed.place, values.slice(from, from + metrics.length))
    }
    this.changed.fire(undefined)
  }
}

function queryOf(
  { fileSystemId }: FileSystemPlace,
  { name, statistic }: Pick<MetricQuery, 'name' | 'statistic'>,
): MetricQuery {
  const dimensions = { FileSystemId: fileSystemId }
  return { namespace: 'AWS/S3/Files', name, dimensions, statistic, periodSeconds: 60 }
}

function vitalsOf(
  { fileSystemId, region, profile }: FileSystemPlace,
  values: readonly (MetricValue | undefined)[],
): FileSystemVitals | undefined {
  if (values.every((value) => value === undefined)) return undefined
  const [pendingExports, exportAge, exportFailures, importFailures, lostAndFound] = values
  return {
    fileSystemId,
    region,
    profile,
    atMs: Math.max(...values.map((value) => value?.atMs ?? 0)),
    pendingExports: pendingExports?.value,
    exportAgeMs: exportAge === undefined ? undefined : exportAge.value * 1_000,
    exportFailures: exportFailures?.value,
    importFailures: importFailures?.value,
    lostAndFoundFiles: lostAndFound?.value,
  }
}

function keyOf({ fileSystemId, region, profile }: FileSystemPlace): string {
  return JSON.stringify([fileSystemId, region, profile])
}
