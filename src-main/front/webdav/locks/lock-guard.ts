import { parentOf, type VfsPath } from '../../vfs/path.ts'
import { HttpRefusal } from '../refusal.ts'
import type { Lock, LockManager } from './lock-manager.ts'

type HrefOf = (path: VfsPath) => string

/** Which part of the tree a change touches, as far as locks are concerned (RFC 4918 §7). */
export interface Change {
  readonly path: VfsPath
  /** The change reaches everything below `path` (DELETE, MOVE, COPY onto it). */
  readonly tree: boolean
  /** A member of the parent comes or goes, so a lock on the parent counts, too. */
  readonly membership: boolean
}

/**
 * Refuses a change that a lock forbids and whose token was not submitted. Of several shared locks on one resource one token suffices.
 * @throws HttpRefusal 423 `lock-token-submitted`.
 */
export function guardLocks(
  locks: LockManager,
  submitted: ReadonlySet<string>,
  change: Change,
  hrefOf: HrefOf,
): void {
  requireToken(locks.covering(change.path), submitted, hrefOf)
  if (change.membership) {
    const parent = parentOf(change.path)
    requireToken(
      locks.covering(parent).filter((lock) => lock.path === parent),
      submitted,
      hrefOf,
    )
  }
  if (change.tree) {
    for (const lock of locks.below(change.path)) requireToken(locks.covering(lock.path), submitted, hrefOf)
  }
}

function requireToken(held: readonly Lock[], submitted: ReadonlySet<string>, hrefOf: HrefOf): void {
  const [first] = held
  if (first === undefined || held.some((lock) => submitted.has(lock.token))) return
  throw new HttpRefusal(423, { precondition: 'lock-token-submitted', href: hrefOf(first.path) })
}
