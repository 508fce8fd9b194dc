import { backoffDelayMs } from '../../../core/backoff.ts'
import type { Clock, Timer } from '../../../lib/clock.ts'
import type { Logger } from '../../../lib/logger.ts'
import { isAppError, toAppError, type SerializedError } from '../../../shared/errors.ts'
import type { BucketPlace, ObjectFacts, ObjectStore } from '../ports.ts'
import { isArrival, isOvertaken, type ObjectVersion } from './arrival.ts'
import { CheckTimes } from './check-times.ts'
import type { ExportInquiry } from './export-inquiry.ts'
import type { DeliveredFile } from './file-on-its-way.ts'
import type { FilesOnTheirWay } from './files-on-their-way.ts'
import { compareKeys } from './object-key.ts'
import { planRequest, type AwaitedObject, type LookRequest } from './plan-request.ts'
import type { RequestBudget } from './request-budget.ts'

export interface LookoutDeps {
  readonly place: BucketPlace & { readonly keyPrefix: string }
  readonly files: FilesOnTheirWay
  readonly objects: ObjectStore
  readonly budget: RequestBudget
  readonly inquiry: ExportInquiry
  /** How long a file is left alone before S3 Files exports it. */
  readonly quietMs: number
  readonly onChanged: () => void
  readonly clock: Clock
  readonly log: Logger
}

/** New files are noticed this late, so that a thousand of them are noticed once. */
const noticeMs = 5_000
const failurePause = { firstMs: 30_000, maxMs: 10 * 60_000 }
const maxSeen = 2_000

/**
 * Looks for the objects of delivered files in a bucket, one request at a time, for as long as there are any. What it finds out it
 * tells `files`. While S3 cannot be asked it says why and tries again with growing pauses.
 */
export class BucketLookout implements Disposable {
  readonly #deps: LookoutDeps
  readonly #times = new CheckTimes()
  /** The versions seen last, the newest at the end. */
  readonly #seen = new Map<string, ObjectVersion>()
  readonly #ending = new AbortController()
  #timer: { readonly atMs: number; readonly timer: Timer } | undefined
  #isLooking = false
  #mayList = true
  #failures = 0
  #trouble: SerializedError | undefined

  constructor(deps: LookoutDeps) {
    this.#deps = deps
  }

  trouble(): SerializedError | undefined {
    return this.#trouble
  }

  /** There may be other files than before. */
  notice(): void {
    if (this.#trouble === undefined) this.#arm(noticeMs)
  }

  /** What could not be asked may be answered now. */
  wake(): void {
    this.#failures = 0
    this.#arm(0)
  }

  [Symbol.dispose](): void {
    this.#ending.abort()
    this.#timer?.timer[Symbol.dispose]()
  }

  #arm(delayMs: number): void {
    const { clock } = this.#deps
    const atMs = clock.monotonicMs() + delayMs
    if (this.#ending.signal.aborted || this.#isLooking) return
    if (this.#timer !== undefined && this.#timer.atMs <= atMs) return
    this.#timer?.timer[Symbol.dispose]()
    const timer = clock.setTimeout(() => {
      this.#timer = undefined
      void this.#look()
    }, delayMs)
    this.#timer = { atMs, timer: timer.unref() }
  }

  async #look(): Promise<void> {
    const { budget } = this.#deps
    this.#isLooking = true
    let pauseMs: number | undefined
    try {
      pauseMs = (await this.#askWhatIsDue()) ? budget.waitMs() : this.#untilNextDueMs()
      this.#failures = 0
      this.#setTrouble(undefined)
    } catch (error) {
      if (this.#ending.signal.aborted) return
      const trouble = toAppError(error)
      this.#deps.log.warn('vitals', 'S3 not asked', { bucket: this.#deps.place.bucket, error: trouble })
      this.#setTrouble(trouble.toJSON())
      pauseMs = backoffDelayMs(this.#failures, failurePause, () => 0)
      this.#failures += 1
    } finally {
      this.#isLooking = false
    }
    if (pauseMs !== undefined) this.#arm(pauseMs)
  }

  /** @returns whether something is left that there was no allowance for. */
  async #askWhatIsDue(): Promise<boolean> {
    const { place, budget } = this.#deps
    for (;;) {
      this.#ending.signal.throwIfAborted()
      const due = this.#due()
      const plan = planRequest(due, place.keyPrefix, this.#mayList)
      if (plan === undefined) return false
      if (budget.take(plan.kind)) await this.#ask(plan)
      else {
        // There are fewer listings than questions for one.
        const single = plan.kind === 'list' ? planRequest(due, place.keyPrefix, false) : undefined
        if (single === undefined || !budget.take('head')) return true
        await this.#ask(single)
      }
    }
  }

  async #ask(plan: LookRequest): Promise<void> {
    const { objects, place } = this.#deps
    const { signal } = this.#ending
    if (plan.kind === 'head') {
      const { awaited } = plan
      await this.#judge(awaited, await objects.head(place, awaited.key, signal))
      return
    }
    const { prefix, after, awaited } = plan
    try {
      const page = await objects.list(place, { prefix, after }, signal)
      const found = new Map(page.objects.map((object) => [object.key, object]))
      const end = page.next
      const listed = end === undefined ? awaited : awaited.filter(({ key }) => compareKeys(key, end) <= 0)
      for (const each of listed) await this.#judge(each, found.get(each.key))
    } catch (error) {
      if (!isAppError(error, 'aws-denied')) throw error
      this.#mayList = false
    }
  }

  async #judge({ file, key }: AwaitedObject, object: ObjectFacts | undefined): Promise<void> {
    const { files, objects, clock, quietMs, onChanged, inquiry } = this.#deps
    // Saved again, renamed or removed while S3 was asked: the answer is about something else.
    if (!files.has(file)) return
    const skewMs = objects.skewMs() ?? 0
    const context = { nowMs: clock.now(), skewMs, quietMs, before: this.#seen.get(key) }
    if (object !== undefined && isArrival(file, object, context)) {
      this.#remember(key, object)
      files.arrived(file, object.lastModifiedMs - skewMs)
    } else if (object !== undefined && isOvertaken(file, object, context)) files.drop(file)
    else {
      this.#times.checked(file, clock.monotonicMs())
      await inquiry.ask(file, this.#ending.signal)
    }
    if (!files.has(file)) onChanged()
  }

  #remember(key: string, { etag, lastModifiedMs }: ObjectVersion): void {
    this.#seen.delete(key)
    this.#seen.set(key, { etag, lastModifiedMs })
    const [oldest] = this.#seen.keys()
    if (this.#seen.size > maxSeen && oldest !== undefined) this.#seen.delete(oldest)
  }

  /** The longest due first. */
  #due(): DeliveredFile[] {
    const nowMs = this.#deps.clock.monotonicMs()
    const turns = this.#turns().filter(({ dueMs }) => dueMs <= nowMs)
    return turns.sort((one, other) => one.dueMs - other.dueMs).map(({ file }) => file)
  }

  #untilNextDueMs(): number | undefined {
    const nowMs = this.#deps.clock.monotonicMs()
    const next = this.#turns().reduce((first, { dueMs }) => Math.min(first, dueMs), Infinity)
    return next === Infinity ? undefined : Math.max(0, next - nowMs)
  }

  #turns(): { readonly file: DeliveredFile; readonly dueMs: number }[] {
    const { files, clock, quietMs } = this.#deps
    const [nowMs, monotonicMs] = [clock.now(), clock.monotonicMs()]
    return files.delivered().map((file) => ({
      file,
      dueMs: this.#times.dueMs(file, nowMs - file.deliveredMs, monotonicMs, quietMs),
    }))
  }

  #setTrouble(trouble: SerializedError | undefined): void {
    if (trouble?.code === this.#trouble?.code) return
    this.#trouble = trouble
    this.#deps.onChanged()
  }
}
