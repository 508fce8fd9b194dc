import { createEmitter, type Event } from '../../lib/event.ts'
import type { Logger } from '../../lib/logger.ts'
import { orAborted } from '../../lib/or-aborted.ts'
import type { Drive } from '../../services/drives/drive.ts'
import type { Drives } from '../../services/drives/drives.ts'
import type { KeptDrive } from '../../services/drives/keep-drive.ts'
import type { ObservedDrive } from '../../services/drives/observe-drive.ts'
import type { DriveState, PreparingStep } from '../../shared/drive-state.ts'
import { AppError, toAppError, type SerializedError } from '../../shared/errors.ts'
import { untilVolumeGone } from './until-volume-gone.ts'

export interface AppDriveDeps {
  readonly drives: Pick<Drives, 'registry' | 'keep' | 'observe' | 'unmount'>
  readonly log: Logger
}

interface Task {
  readonly kind: 'mount' | 'unmount'
  readonly stop: AbortController
  /** What it came to, for whoever joins it. */
  readonly result: Promise<void>
  /** Resolves when it is over, however it ended. */
  readonly over: Promise<void>
}

/** One drive of the list as this app sees it: what it is doing with it, what it holds of it, and what was observed of it otherwise. */
export class AppDrive {
  readonly changed = createEmitter<undefined>()
  readonly #deps: AppDriveDeps
  readonly #held = createEmitter<KeptDrive>()
  #drive: Drive
  #observed: ObservedDrive | undefined
  #kept: KeptDrive | undefined
  #task: Task | undefined
  #step: PreparingStep = 'checking'
  #failure: SerializedError | undefined
  #isWanted = false
  #waiting = 0

  constructor(drive: Drive, deps: AppDriveDeps) {
    this.#drive = drive
    this.#deps = deps
  }

  get drive(): Drive {
    return this.#drive
  }

  /** Runs in this process, or is just ending here. */
  get kept(): KeptDrive | undefined {
    return this.#kept
  }

  /** Fires with each keeping that begins. */
  get held(): Event<KeptDrive> {
    return this.#held
  }

  /** Nobody has unmounted it since somebody, or the settings, asked for it. */
  get isWanted(): boolean {
    return this.#isWanted
  }

  /** A person has asked for it, and waits. */
  get isAwaited(): boolean {
    return this.#waiting > 0
  }

  get isBusy(): boolean {
    return this.#task !== undefined
  }

  get observed(): ObservedDrive | undefined {
    return this.#observed
  }

  get state(): DriveState {
    if (this.#kept !== undefined) return this.#kept.state()
    if (this.#task?.kind === 'mount') return { kind: 'preparing', step: this.#step }
    const observed = this.#observed?.state ?? { kind: 'unmounted' }
    if (this.#task?.kind === 'unmount' && observed.kind === 'mounted') return { kind: 'unmounting' }
    if (this.#failure === undefined || observed.kind !== 'unmounted') return observed
    return { kind: 'failed', error: this.#failure }
  }

  /** Why the last mount came to nothing, until another one begins. */
  get failure(): SerializedError | undefined {
    return this.#failure
  }

  /** As the settings have it now. */
  setDrive(drive: Drive): void {
    if (JSON.stringify(drive) === JSON.stringify(this.#drive)) return
    this.#drive = drive
    this.changed.fire(undefined)
  }

  /** What was seen of it, of a drive that this app does not hold. */
  observe(observed: ObservedDrive): void {
    const before = JSON.stringify(this.state)
    this.#observed = observed
    // Somebody else has mounted it: what went wrong here is of no interest any more.
    if (observed.state.kind === 'mounted' && observed.front !== 'none') this.#failure = undefined
    if (JSON.stringify(this.state) !== before) this.changed.fire(undefined)
  }

  /**
   * Resolves when it is mounted, has failed (then `state` says why) or was cancelled; never rejects. Joins a mount under way, and waits for an
   * unmount under way.
   */
  async mount(by: 'person' | 'itself' = 'itself'): Promise<void> {
    this.#isWanted = true
    if (by === 'person') this.#waiting += 1
    try {
      await this.#joinMount()
    } finally {
      if (by === 'person') this.#waiting -= 1
    }
  }

  async #joinMount(): Promise<void> {
    for (let task = this.#task; task !== undefined; task = this.#task) {
      await task.over
      // One that was called off is not what is asked for now, and who has unmounted it since wants no mount.
      if ((task.kind === 'mount' && !task.stop.signal.aborted) || !this.#isWanted) return
    }
    await this.#begin('mount', (signal) => this.#mount(signal)).over
  }

  /**
   * Unmounts it, whoever holds it; ends a mount that is under way; clears a failure away. `wait` as well until all that was saved is delivered,
   * which otherwise goes on behind the answer.
   * @throws AppError `unmount-busy`, `unmount-failed`, `port-taken`, `command-timeout`.
   */
  async unmount(options: { readonly force: boolean; readonly wait: boolean }): Promise<void> {
    this.#isWanted = false
    this.#failure = undefined
    if (this.#task?.kind === 'mount') {
      this.#task.stop.abort()
      await this.#task.over
    }
    // One by force is worth a try of its own, when the gentle one hangs.
    const joined = options.force ? undefined : this.#task
    const task =
      joined?.kind === 'unmount' ? joined : this.#begin('unmount', (signal) => this.#unmount(options, signal))
    await task.result
  }

  #begin(kind: Task['kind'], work: (signal: AbortSignal) => Promise<void>): Task {
    const stop = new AbortController()
    const result = work(stop.signal)
    const over = result
      .catch(() => undefined)
      .then(() => {
        if (this.#task === task) this.#task = undefined
        this.changed.fire(undefined)
      })
    const task: Task = { kind, stop, result, over }
    this.#task = task
    this.changed.fire(undefined)
    return task
  }

  async #mount(signal: AbortSignal): Promise<void> {
    const { drives, log } = this.#deps
    this.#failure = undefined
    this.#step = 'checking'
    try {
      if (this.#kept !== undefined) {
        if (this.#kept.state().kind === 'mounted') return
        // It is still delivering: the next front has what this one leaves.
        this.#kept.leave()
        await orAborted(this.#kept.ended, signal)
      }
      const drive = await drives.registry.find(this.#drive.id)
      const onStep = (step: PreparingStep): void => {
        this.#step = step
        this.changed.fire(undefined)
      }
      this.#hold(await drives.keep(drive, { signal, withVolume: true, onStep }))
    } catch (reason) {
      const error = toAppError(reason)
      // Whoever called it off has said so; somebody else may have asked for it again since.
      if (signal.aborted) return
      if (error.code === 'cancelled') {
        this.#isWanted = false
      } else if (error.code === 'already-mounted') {
        this.observe(await drives.observe(this.#drive))
      } else {
        log.warn('app', 'mount failed', { id: this.#drive.id, error })
        this.#failure = error.toJSON()
      }
    }
  }

  #hold(kept: KeptDrive): void {
    this.#kept = kept
    this.#observed = undefined
    this.setDrive(kept.drive)
    const listening = kept.stateChanged.on(() => this.changed.fire(undefined))
    this.#held.fire(kept)
    void kept.ended.then((end) => {
      listening[Symbol.dispose]()
      // Ejected in Finder: that is what the user wants, and nothing mounts it again behind their back.
      if (end === 'volume-gone' && this.#task?.kind !== 'mount') this.#isWanted = false
      if (this.#kept === kept) this.#kept = undefined
      this.changed.fire(undefined)
    })
  }

  async #unmount(
    { force, wait }: { readonly force: boolean; readonly wait: boolean },
    signal: AbortSignal,
  ): Promise<void> {
    if (this.#kept !== undefined) {
      const { ended } = this.#kept
      if (this.#kept.state().kind !== 'delivering') await untilVolumeGone(this.#kept, { force })
      if (wait) await ended
      return
    }
    await this.#unmountElsewhere(force, wait, signal)
  }

  /** What another process holds, or nobody. */
  async #unmountElsewhere(force: boolean, wait: boolean, signal: AbortSignal): Promise<void> {
    const { drives } = this.#deps
    const observed = await drives.observe(this.#drive)
    if (observed.state.kind !== 'unmounted') {
      const enough = new AbortController()
      const stop = AbortSignal.any([signal, enough.signal])
      const onDelivering = (): void => {
        if (!wait) enough.abort()
      }
      await drives
        .unmount(observed, { force, wait: true, signal: stop, onDelivering })
        .catch((error: unknown) => {
          if (!(error instanceof AppError) || error.code !== 'not-mounted') throw error
        })
    }
    this.observe(await drives.observe(this.#drive))
  }
}
