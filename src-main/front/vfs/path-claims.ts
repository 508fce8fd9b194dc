import type { Clock } from '../../lib/clock.ts'
import { AppError } from '../../shared/errors.ts'
import { isWithin, type VfsPath } from './path.ts'

/** What a mutation needs for itself: one path, or a path with everything below it. */
export interface Claim {
  readonly path: VfsPath
  readonly scope: 'node' | 'tree'
}

interface Claimant {
  readonly claims: readonly Claim[]
  readonly start: () => void
  hasStarted: boolean
}

/** As long as macOS is sure to wait; then "in use" is a better answer than none. */
const patienceMs = 60_000

/**
 * Keeps mutations that would meet from running at the same time: two uploads to one path, a rename above an upload. They
 * go in the order they came; those that do not meet never wait, and looking needs no claim at all.
 */
export class PathClaims {
  readonly #clock: Clock
  readonly #claimants = new Set<Claimant>()
  #treesReleased = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Rises with every tree that is given back. Whoever looked before, and finds it unchanged when a claim is granted, knows that nobody
   * who asked here has changed a tree above or at that claim meanwhile.
   */
  get treesReleased(): number {
    return this.#treesReleased
  }

  /**
   * Waits until nothing that came earlier meets any of `claims`; all are granted together, so nobody can block anybody
   * for ever. Disposing gives them back.
   * @throws AppError `busy` after a minute, `cancelled` when `signal` aborts.
   */
  async take(claims: readonly Claim[], signal: AbortSignal): Promise<Disposable> {
    const started = Promise.withResolvers<undefined>()
    const start = (): void => {
      started.resolve(undefined)
    }
    const claimant: Claimant = { claims, start, hasStarted: false }
    const release = { [Symbol.dispose]: () => this.#release(claimant) }
    this.#claimants.add(claimant)
    this.#startThoseWhoMay()
    if (claimant.hasStarted) return release

    const cancel = (): void => {
      started.reject(new AppError('cancelled', {}, { cause: signal.reason }))
    }
    signal.addEventListener('abort', cancel, { once: true })
    if (signal.aborted) cancel()
    const timer = this.#clock.setTimeout(() => {
      started.reject(new AppError('busy', { path: claims[0]?.path ?? '/' }))
    }, patienceMs)
    try {
      await started.promise
      return release
    } catch (error) {
      this.#release(claimant)
      throw error
    } finally {
      timer[Symbol.dispose]()
      signal.removeEventListener('abort', cancel)
    }
  }

  #release(claimant: Claimant): void {
    this.#claimants.delete(claimant)
    if (claimant.claims.some(({ scope }) => scope === 'tree')) this.#treesReleased += 1
    this.#startThoseWhoMay()
  }

  #startThoseWhoMay(): void {
    const earlier: Claim[] = []
    for (const claimant of this.#claimants) {
      if (
        !claimant.hasStarted &&
        !claimant.claims.some((claim) => earlier.some((other) => doMeet(claim, other)))
      ) {
        claimant.hasStarted = true
        claimant.start()
      }
      earlier.push(...claimant.claims)
    }
  }
}

function doMeet(one: Claim, other: Claim): boolean {
  if (one.path === other.path) return true
  return (
    (one.scope === 'tree' && isWithin(other.path, one.path)) ||
    (other.scope === 'tree' && isWithin(one.path, other.path))
  )
}
