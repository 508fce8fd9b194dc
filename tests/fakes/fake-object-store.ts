import type { Clock } from '../../src-main/lib/clock.ts'
import type {
  BucketPlace,
  ObjectFacts,
  ObjectPage,
  ObjectStore,
} from '../../src-main/services/vitals/ports.ts'
import { compareKeys } from '../../src-main/services/vitals/sync/object-key.ts'
import type { AppError } from '../../src-main/shared/errors.ts'

const pageKeys = 1_000

/** A bucket in memory that counts what it is asked. Its clock may differ from the one of whoever asks. */
export class FakeObjectStore implements ObjectStore {
  /** `head <key>` and `list <prefix>`, with when. */
  readonly asked: { readonly what: string; readonly atMs: number }[] = []
  readonly places: BucketPlace[] = []
  /** What each of the next questions of that kind, or of all from now on, is refused with. */
  headError: AppError | undefined
  listError: AppError | undefined
  /** How far its clock is ahead. */
  aheadMs = 0
  /** Runs before an answer is given. */
  onAsked: (() => void) | undefined
  readonly #objects = new Map<string, ObjectFacts>()
  readonly #clock: Clock
  #versions = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** As made at this moment by its clock, in whole seconds. */
  put(key: string, size: number, etag = `"${(this.#versions += 1)}"`): void {
    const lastModifiedMs = Math.floor((this.#clock.now() + this.aheadMs) / 1_000) * 1_000
    this.#objects.set(key, { key, size, etag, lastModifiedMs })
  }

  head(place: BucketPlace, key: string): Promise<ObjectFacts | undefined> {
    this.#note(place, `head ${key}`)
    return this.headError === undefined
      ? Promise.resolve(this.#objects.get(key))
      : Promise.reject(this.headError)
  }

  list(
    place: BucketPlace,
    { prefix, after = '' }: { readonly prefix: string; readonly after: string | undefined },
  ): Promise<ObjectPage> {
    this.#note(place, `list ${prefix}`)
    if (this.listError !== undefined) return Promise.reject(this.listError)
    const isThere = (key: string): boolean =>
      key.startsWith(prefix) && !key.slice(prefix.length).includes('/') && compareKeys(key, after) > 0
    const found = [...this.#objects.values()].filter(({ key }) => isThere(key))
    found.sort((one, other) => compareKeys(one.key, other.key))
    const objects = found.slice(0, pageKeys)
    return Promise.resolve({ objects, next: found.length > pageKeys ? objects.at(-1)?.key : undefined })
  }

  skewMs(): number | undefined {
    return this.asked.length === 0 ? undefined : this.aheadMs
  }

  #note(place: BucketPlace, what: string): void {
    this.places.push(place)
    this.asked.push({ what, atMs: this.#clock.monotonicMs() })
    this.onAsked?.()
  }
}
