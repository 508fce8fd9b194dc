import type { DriveState } from '../../shared/drive-state.ts'
import type { Clock } from '../../lib/clock.ts'
import { createEmitter } from '../../lib/event.ts'
import type { Event } from '../../lib/event.ts'
import { watchForWakes } from '../../lib/wake-watch.ts'
import { AppError, isAppError, toAppError } from '../../shared/errors.ts'
import type { FrontEvent } from '../../shared/front-protocol.ts'
import { frontConfigOf } from './drive.ts'
import type { Drive } from './drive.ts'
import { Delivery } from './delivery.ts'
import { superviseFront } from './front-supervisor.ts'
import { ObservableState } from './observable-state.ts'
import type { FileExport, FrontStatus, KeptBridge, OwnedFront } from './ports.ts'
import { maxRestartsToDeliver } from './restart-delay.ts'
import { startDrive } from './start-drive.ts'
import type { StartDeps, StartedDrive, StartOptions } from './start-drive.ts'
import { untilQuiet } from './until-quiet.ts'
import type { SharedTable } from './shared-table.ts'
import { isVolumeThere, untilVolumeGone } from './volume-watch.ts'

/** Why a kept drive ended: its owner unmounted it, or the volume left the mount table (Finder, another process). */
export type KeptDriveEnd = 'unmounted' | 'volume-gone'

/** A running drive and the one who looks after it. */
export interface KeptDrive {
  /** With the port it really has. */
  readonly drive: Drive
  readonly url: string
  /** `undefined` when the drive is served without a volume. */
  readonly mountPoint: string | undefined
  /** The port the drive had before, when somebody else had taken it. */
  readonly formerPort: number | undefined
  state(): DriveState
  readonly stateChanged: Event<DriveState>
  /** What the front says, and those that follow it when it dies, say. */
  readonly frontEvents: Event<FrontEvent>
  /** Milliseconds of each probe of the mount that was answered; none of a drive without a bridge. */
  readonly roundTrips: Event<number>
  /** As of `KeptBridge`; nothing of a drive without a bridge. */
  exportOf(path: string, signal: AbortSignal): Promise<FileExport | undefined>
  /** @throws AppError `front-died` while the front is being restarted, `front-timeout`. */
  frontStatus(): Promise<FrontStatus>
  /**
   * Unmounts the volume, waits until what was saved has been delivered, then stops the front. When the volume is in use it
   * stays, and so does the front.
   * @throws AppError `unmount-busy`, `unmount-failed`, `command-timeout`.
   */
  unmount(options: { readonly force: boolean }): Promise<void>
  /** The machine's network has changed: tries at once whatever waits. It notices by itself that the machine has slept. */
  wake(): void
  /** Once the volume is gone: waits no longer for deliveries. What is pending is kept for the next mount. */
  leave(): void
  /** Why what was saved is not delivered although nobody chose so: no front would run. Undefined when all is well. */
  deliveryFailure(): AppError | undefined
  /** Resolves when volume and front are gone; never rejects. */
  readonly ended: Promise<KeptDriveEnd>
}

export interface KeepDeps extends StartDeps {
  /** `volumes`, for looking every second whether a volume is still there. */
  readonly sharedTable: SharedTable | undefined
  readonly clock: Clock
}

/**
 * Starts a drive and looks after it until its volume is gone: a front that crashes is started again on the same port and
 * path while the volume stays; a volume that leaves the mount table takes the front with it, as soon as that has delivered
 * what is pending. After a sleep of the machine the front tries at once whatever waits.
 * @throws as `startDrive`; nothing is left running then.
 */
export async function keepDrive(drive: Drive, options: StartOptions, deps: KeepDeps): Promise<KeptDrive> {
  const state = new ObservableState(drive.id, deps.log)
  state.apply({ type: 'mount-requested' })
  const onStep: StartOptions['onStep'] = (step) => {
    state.apply({ type: 'step-started', step })
    options.onStep(step)
  }
  try {
    return new Keeper(await startDrive(drive, { ...options, onStep }, deps), state, deps)
  } catch (error) {
    state.apply({ type: 'failed', error: toAppError(error).toJSON() })
    throw error
  }
}

class Keeper implements KeptDrive {
  readonly drive: Drive
  readonly url: string
  readonly mountPoint: string | undefined
  readonly formerPort: number | undefined
  readonly frontEvents = createEmitter<FrontEvent>()
  readonly roundTrips = createEmitter<number>()
  readonly #deps: KeepDeps
  readonly #state: ObservableState
  readonly #ending = new AbortController()
  readonly #ended = Promise.withResolvers<KeptDriveEnd>()
  readonly #delivery: Delivery
  readonly #bridge: KeptBridge | undefined
  readonly #wakes: Disposable
  #isEnding = false
  #front: OwnedFront | undefined

  constructor(started: StartedDrive, state: ObservableState, deps: KeepDeps) {
    this.drive = started.drive
    this.url = started.front.url
    this.mountPoint = started.mountPoint
    this.formerPort = started.formerPort
    this.#deps = deps
    this.#state = state
    this.#delivery = new Delivery(started.drive, deps)
    this.#bridge = started.bridge
    started.bridge?.onReport((report) => this.#front?.setBridge(report))
    started.bridge?.onRoundTrip((ms) => this.roundTrips.fire(ms))
    state.apply({ type: 'mount-done', path: started.mountPoint ?? started.front.url })
    this.#adopt(started.front)
    this.#wakes = watchForWakes(deps.clock, () => {
      deps.log.info('drive', 'awake again', { id: this.drive.id })
      this.wake()
    })
    void this.#keepFront(started.front)
    void this.#followVolume()
  }

  get stateChanged(): Event<DriveState> {
    return this.#state.changed
  }

  get ended(): Promise<KeptDriveEnd> {
    return this.#ended.promise
  }

  state(): DriveState {
    return this.#state.current
  }

  async exportOf(path: string, signal: AbortSignal): Promise<FileExport | undefined> {
    return await this.#bridge?.exportOf(path, signal)
  }

  async frontStatus(): Promise<FrontStatus> {
    if (this.#front === undefined) throw new AppError('front-died', { name: this.drive.name })
    return await this.#front.status()
  }

  async unmount({ force }: { readonly force: boolean }): Promise<void> {
    const { mountPoint } = this
    this.#state.apply({ type: 'unmount-requested' })
    try {
      if (mountPoint !== undefined) await this.#deps.volumes?.unmount(mountPoint, { force })
    } catch (error) {
      // Somebody else was faster, or it went in spite of the error: that is what was asked for.
      if (!isAppError(error, 'not-mounted') && (await this.#isVolumeThere())) {
        this.#state.apply({ type: 'unmount-refused', path: mountPoint ?? this.url })
        throw error
      }
    }
    await this.#end('unmounted')
  }

  wake(): void {
    this.#bridge?.wake()
    this.#front?.wake()
  }

  leave(): void {
    this.#delivery.leave()
  }

  deliveryFailure(): AppError | undefined {
    return this.#delivery.failure
  }

  #adopt(front: OwnedFront): void {
    this.#front = front
    this.#delivery.adopt(front)
    front.onEvent((event) => {
      if (event.type === 'stalled') this.#state.apply({ type: 'front-stalled' })
      if (event.type === 'recovered') this.#state.apply({ type: 'front-recovered' })
      this.frontEvents.fire(event)
    })
  }

  async #keepFront(first: OwnedFront): Promise<void> {
    const { clock, log } = this.#deps
    const { signal } = this.#ending
    await superviseFront(first, {
      start: () => this.#startFront(signal),
      isNeeded: () => this.#isFrontNeeded(),
      isWorthTrying: (restarts, error) => this.#isWorthTrying(restarts, error),
      onDown: () => {
        this.#front = undefined
        this.#state.apply({ type: 'front-down' })
      },
      onUp: (front) => {
        this.#adopt(front)
        this.#state.apply({ type: 'front-recovered' })
      },
      signal,
      clock,
      log,
    })
    if (!signal.aborted) await this.#end('volume-gone')
  }

  async #startFront(signal: AbortSignal): Promise<OwnedFront> {
    const { fronts, dirs } = this.#deps
    try {
      return await fronts.start(frontConfigOf(this.drive, dirs, this.#bridge?.report), signal)
    } catch (error) {
      // The drive was mounted anew by another process, whose front delivers now.
      if (isAppError(error, 'port-taken', 'busy')) this.#delivery.leave()
      throw error
    }
  }

  #isWorthTrying(restarts: number, error: unknown): boolean {
    if (!this.#delivery.isRunning || restarts < maxRestartsToDeliver) return true
    this.#deps.log.error('drive', 'deliveries given up', { id: this.drive.id, restarts, error })
    this.#delivery.giveUp(toAppError(error))
    return false
  }

  /** A client that is being unmounted still has things to hand over, and what was saved must be delivered. */
  async #isFrontNeeded(): Promise<boolean> {
    if (this.state().kind === 'unmounting' || (await this.#isVolumeThere())) return true
    return await this.#delivery.isPending(undefined)
  }

  /** Without a volume the front is all there is, and always needed. */
  async #isVolumeThere(): Promise<boolean> {
    const { volumes, log } = this.#deps
    if (this.mountPoint === undefined || volumes === undefined) return true
    return await isVolumeThere(this.url, { volumes, log })
  }

  async #followVolume(): Promise<void> {
    const { sharedTable: volumes, clock, log } = this.#deps
    if (this.mountPoint === undefined || volumes === undefined) return
    const isGone = await untilVolumeGone(this.url, this.#ending.signal, { volumes, clock, log })
    // An unmount of our own that is under way ends the drive itself, once its mounter is done.
    if (isGone && this.state().kind !== 'unmounting') await this.#end('volume-gone')
  }

  async #end(end: KeptDriveEnd): Promise<void> {
    if (!this.#isEnding) {
      this.#isEnding = true
      const { clock, log } = this.#deps
      try {
        if (end === 'volume-gone' && this.#front !== undefined) await untilQuiet(this.#front, clock)
        if (await this.#delivery.isPending(this.#front)) {
          this.#state.apply({ type: 'delivery-started' })
          await this.#delivery.run(this.#front)
        }
        this.#ending.abort()
        await this.#front?.stop()
      } catch (error) {
        log.error('drive', 'stopping the front failed', { id: this.drive.id, error })
      }
      this.#ending.abort()
      this.#wakes[Symbol.dispose]()
      // What was pending has gone through it.
      await this.#bridge?.stop()
      this.#state.apply({ type: end === 'unmounted' ? 'unmount-done' : 'volume-gone' })
      this.#ended.resolve(end)
    }
    await this.ended
  }
}
