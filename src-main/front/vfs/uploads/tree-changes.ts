import { AppError, isAppError, toAppError } from '../../../shared/errors.ts'
import type { Attributes, Call } from '../backend.ts'
import { parentOf, rootPath, type VfsPath } from '../path.ts'
import type { Deliveries } from './delivery.ts'
import { retarget, settleMove, treeClaim } from './move-intents.ts'
import { inShownFolder, reviveBelow } from './missing-folders.ts'
import { isOnlyHere } from './pending-index.ts'
import { look } from './place.ts'
import type { QueueParts } from './queue-parts.ts'
import { refuseLongPath } from './refusals.ts'
import { dropWithin, goingWith, settleRemoval } from './removal-intents.ts'
import { renamePending } from './rename-pending.ts'
import { isOpenEnded } from './transient.ts'
import type { MoveIntent, TreeIntent } from './upload-store.ts'

/**
 * `makeDirectory`, `remove` and `move` of the queue's backend: done at the backend at once, and to the uploads they touch.
 * Deliveries in the trees concerned are stopped, or waited for where the backend has all their bytes already.
 */
export class TreeChanges {
  readonly #parts: QueueParts
  readonly #deliveries: Deliveries
  readonly #settling = new Set<Promise<void>>()

  constructor(parts: QueueParts, deliveries: Deliveries) {
    this.#parts = parts
    this.#deliveries = deliveries
  }

  async makeDirectory(path: VfsPath, call: Call): Promise<Attributes> {
    const { index, backend, limits, changes, promises } = this.#parts
    refuseLongPath(path, limits)
    using _claim = await changes.take([{ path, scope: 'node' }], call.signal)
    if (index.at(path) !== undefined) throw new AppError('already-exists', { path })
    const parent = { folder: parentOf(path), refusal: 'parent-missing' } as const
    const attributes = await inShownFolder(this.#parts, parent, call, () => backend.makeDirectory(path, call))
    promises.forgetWithin(path)
    reviveBelow(this.#parts, this.#deliveries, path)
    return attributes
  }

  async remove(path: VfsPath, call: Call): Promise<void> {
    const { index, backend } = this.#parts
    if (path === rootPath) {
      await backend.remove(path, call)
      return
    }
    using claims = await this.#claim([path], call.signal)
    const own = index.at(path)
    if (own !== undefined && isOnlyHere(own)) dropWithin(this.#parts, this.#deliveries, path)
    else if (goingWith(this.#parts, path).length > 0) await this.#removeWithUploads(path, call, claims)
    else {
      await backend.remove(path, call).catch(async (error: unknown) => {
        if (!(await this.#hasGone(path, error, call))) throw error
      })
      this.#parts.promises.forgetWithin(path)
    }
    this.#parts.emit({ type: 'removed', path })
    reviveBelow(this.#parts, this.#deliveries, path)
  }

  async move(from: VfsPath, to: VfsPath, call: Call): Promise<Attributes> {
    if (from === rootPath || to === rootPath) return this.#parts.backend.move(from, to, call)
    refuseLongPath(to, this.#parts.limits)
    using claims = await this.#claim([from, to], call.signal)
    const attributes = await this.#moveClaimed(from, to, call, claims)
    if (from !== to) this.#parts.emit({ type: 'moved', from, to })
    return attributes
  }

  async #moveClaimed(from: VfsPath, to: VfsPath, call: Call, claims: DisposableStack): Promise<Attributes> {
    const { index, backend, promises } = this.#parts
    const file = index.at(from)
    if (from === to && file !== undefined) return file.newest.record.promised
    if (file !== undefined && isOnlyHere(file)) return await this.#rename(from, to, call)
    const source = { folder: from, refusal: 'not-found' } as const
    const parent = { folder: parentOf(to), refusal: 'parent-missing' } as const
    return await inShownFolder(this.#parts, parent, call, async () => {
      if (index.within(from).length + index.within(to).length > 0) {
        const move = (): Promise<Attributes> => this.#moveWithUploads({ from, to }, call, claims)
        return await inShownFolder(this.#parts, source, call, move)
      }
      const attributes = await backend.move(from, to, call)
      promises.move(from, to)
      return promises.shown(to, attributes)
    })
  }

  /** Finishes what an earlier life of the front, or a lost answer, has left open. Deliveries and changes there wait for it. */
  settle(intent: TreeIntent): void {
    const { lifetime } = this.#parts
    this.#inBackground(async () => {
      using _claims = await this.#claim(pathsOf(intent), lifetime)
      await this.#settle(intent)
    })
  }

  /** After the queue's lifetime has ended: resolves when nothing goes on in the background. */
  async end(): Promise<void> {
    await Promise.all(this.#settling)
  }

  /** Only when the backend has done it: had it refused, what was accepted would still have to be delivered. */
  async #removeWithUploads(path: VfsPath, call: Call, claims: DisposableStack): Promise<void> {
    const { store, backend, onStep } = this.#parts
    const intent = { from: path }
    store.addIntent(intent)
    try {
      await backend.remove(path, call)
    } catch (error) {
      // What is here is all there is of it, or all that others have left.
      if (!isAppError(error, 'not-found') && !(await this.#hasGone(path, error, call))) {
        if (isOpenEnded(toAppError(error))) this.#settleWith(intent, claims.move())
        else store.removeIntent(intent)
        throw error
      }
    }
    onStep('backend-removed')
    dropWithin(this.#parts, this.#deliveries, path)
    store.removeIntent(intent)
  }

  async #moveWithUploads(intent: MoveIntent, call: Call, claims: DisposableStack): Promise<Attributes> {
    const { store, backend, onStep, index, promises } = this.#parts
    const { from, to } = intent
    store.addIntent(intent)
    let attributes: Attributes
    try {
      attributes = await backend.move(from, to, call)
    } catch (error) {
      if (isOpenEnded(toAppError(error))) {
        this.#settleWith(intent, claims.move())
        throw error
      }
      store.removeIntent(intent)
      // There, the upload is all there is of the file.
      if (index.at(from) !== undefined && isAppError(error, 'not-found')) return this.#rename(from, to, call)
      throw error
    }
    onStep('backend-moved')
    retarget(this.#parts, this.#deliveries, intent, attributes)
    reviveBelow(this.#parts, this.#deliveries, to)
    return index.at(to)?.newest.record.promised ?? promises.shown(to, attributes)
  }

  /** Whether only the answer was lost of a removal that failed with `error`: uploads below would come back with the next such path. */
  async #hasGone(path: VfsPath, error: unknown, call: Call): Promise<boolean> {
    if (!isOpenEnded(toAppError(error))) return false
    const there = await look(this.#parts.backend, path, call).catch(() => undefined)
    return there === 'nothing'
  }

  async #rename(from: VfsPath, to: VfsPath, call: Call): Promise<Attributes> {
    const file = await renamePending(this.#parts, this.#deliveries, from, to, call)
    return file.newest.record.promised
  }

  #settleWith(intent: TreeIntent, claims: DisposableStack): void {
    this.#inBackground(async () => {
      using _claims = claims
      await this.#settle(intent)
    })
  }

  #settle({ from, to }: TreeIntent): Promise<void> {
    return to === undefined
      ? settleRemoval(this.#parts, this.#deliveries, { from })
      : settleMove(this.#parts, this.#deliveries, { from, to })
  }

  #inBackground(work: () => Promise<void>): void {
    const done: Promise<void> = work()
      // Only the end of the queue ends it early; the intent stays, and the next life takes it up.
      .catch(() => undefined)
      .then(() => {
        this.#settling.delete(done)
        this.#parts.noteProgress()
      })
    this.#settling.add(done)
  }

  /** Has `paths` and all below to itself: no other change, no delivery. */
  async #claim(paths: readonly VfsPath[], signal: AbortSignal): Promise<DisposableStack> {
    const { changes, deliveries } = this.#parts
    using stack = new DisposableStack()
    const trees = paths.map(treeClaim)
    stack.use(await changes.take(trees, signal))
    // In line before the deliveries there are stopped, so that none begins again before its turn.
    const quiet = deliveries.take(trees, signal)
    for (const path of paths) this.#deliveries.stopWithin(path)
    stack.use(await quiet)
    return stack.move()
  }
}

function pathsOf({ from, to }: TreeIntent): readonly VfsPath[] {
  return to === undefined ? [from] : [from, to]
}
