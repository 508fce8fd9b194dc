import { randomUUID } from 'node:crypto'

import type { Clock } from '../../../lib/clock.ts'
import { isWithin, type VfsPath } from '../../vfs/path.ts'

/** A write lock as RFC 4918 §6 and §7 describe it. */
export interface Lock {
  readonly token: string
  readonly path: VfsPath
  readonly rootHref: string
  readonly scope: 'exclusive' | 'shared'
  readonly depth: 0 | 'infinity'
  /** The client's `owner` element as self-contained XML, or empty. */
  readonly ownerXml: string
  readonly timeoutSec: number
}

interface HeldLock extends Lock {
  readonly expiresAtMs: number
}

/** Enough for every editor on the machine; beyond it locks are being leaked. */
const maxLocks = 10_000

/**
 * The locks of one front, in memory: a client that comes back after a restart finds none, which RFC 4918 §6.6 allows,
 * and its stale token then fails a precondition instead of overwriting blindly.
 * Only the standard manner uses it: macOS is always granted, see `methods/lock.ts`.
 */
export class LockManager {
  readonly #clock: Clock
  readonly #byToken = new Map<string, HeldLock>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Grants a lock, or returns the one that stands against it. */
  lock(wanted: Omit<Lock, 'token'>): { readonly granted: Lock } | { readonly conflict: Lock | undefined } {
    const others = [
      ...this.covering(wanted.path),
      ...(wanted.depth === 'infinity' ? this.below(wanted.path) : []),
    ]
    const conflict = others.find((other) => other.scope === 'exclusive' || wanted.scope === 'exclusive')
    if (conflict !== undefined || this.#byToken.size >= maxLocks) return { conflict }
    const granted: HeldLock = {
      ...wanted,
      token: `opaquelocktoken:${randomUUID()}`,
      expiresAtMs: this.#clock.monotonicMs() + wanted.timeoutSec * 1000,
    }
    this.#byToken.set(granted.token, granted)
    return { granted }
  }

  /** Starts a lock's time anew; undefined when there is no such lock over `path`. */
  refresh(token: string, path: VfsPath, timeoutSec: number): Lock | undefined {
    const lock = this.covering(path).find((held) => held.token === token)
    if (lock === undefined) return undefined
    const renewed = { ...lock, timeoutSec, expiresAtMs: this.#clock.monotonicMs() + timeoutSec * 1000 }
    this.#byToken.set(token, renewed)
    return renewed
  }

  /** True when `token` was a lock over `path`, which is gone now. */
  unlock(token: string, path: VfsPath): boolean {
    return this.covering(path).some((lock) => lock.token === token) && this.#byToken.delete(token)
  }

  /** The locks that protect `path`: its own and those of directories above that reach down to it. */
  covering(path: VfsPath): readonly Lock[] {
    return this.#current().filter(
      (lock) => lock.path === path || (lock.depth === 'infinity' && isWithin(path, lock.path)),
    )
  }

  /** The locks on what lies below `path`, without `path` itself. */
  below(path: VfsPath): readonly Lock[] {
    return this.#current().filter((lock) => lock.path !== path && isWithin(lock.path, path))
  }

  /** Locks do not move with a resource (RFC 4918 §7.6) and end with it (§9.6). */
  forget(path: VfsPath): void {
    for (const lock of this.#current()) if (isWithin(lock.path, path)) this.#byToken.delete(lock.token)
  }

  #current(): readonly HeldLock[] {
    if (this.#byToken.size === 0) return []
    const now = this.#clock.monotonicMs()
    for (const lock of this.#byToken.values()) if (lock.expiresAtMs <= now) this.#byToken.delete(lock.token)
    return [...this.#byToken.values()]
  }
}
