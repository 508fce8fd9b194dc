import type { AppError } from '../../shared/errors.ts'
import { frontStateDirOf } from './drive.ts'
import type { Drive, DriveDirs } from './drive.ts'
import type { Fronts, OwnedFront } from './ports.ts'

export interface DeliveryDeps {
  readonly fronts: Pick<Fronts, 'keptUploads'>
  readonly dirs: Pick<DriveDirs, 'stateDir'>
}

/**
 * The time between the end of a volume and the end of its front, in which the front delivers what was saved. A front that
 * crashes meanwhile is replaced by its supervisor and told to go on.
 */
export class Delivery {
  readonly #drive: Drive
  readonly #deps: DeliveryDeps
  readonly #done = Promise.withResolvers<undefined>()
  #isRunning = false
  #isDismissed = false
  #failure: AppError | undefined

  constructor(drive: Drive, deps: DeliveryDeps) {
    this.#drive = drive
    this.#deps = deps
  }

  /**
   * Whether the front, or the folder it has left when it is down, has uploads that are to be delivered now. Not when the front
   * was told to end by another process, which by that chose to keep them.
   */
  async isPending(front: Pick<OwnedFront, 'status'> | undefined): Promise<boolean> {
    const isPending = (await pendingAt(front)) ?? (await this.#isLeftBehind())
    return isPending && !this.#isDismissed
  }

  async #isLeftBehind(): Promise<boolean> {
    const { fronts, dirs } = this.#deps
    const { count, attention } = await fronts.keptUploads(frontStateDirOf(this.#drive, dirs))
    return count > attention
  }

  /** Resolves when a front says that it has delivered everything, or after `leave`. */
  async run(front: OwnedFront | undefined): Promise<void> {
    this.#isRunning = true
    front?.drain()
    if (this.#isDismissed) return
    await this.#done.promise
  }

  /** Every front that the drive gets passes here. */
  adopt(front: OwnedFront): void {
    this.#isDismissed = false
    front.onEvent(({ type }) => {
      if (type !== 'closed') return
      this.#isDismissed = true
      if (this.#isRunning) this.#done.resolve(undefined)
    })
    if (this.#isRunning) front.drain()
  }

  /** Whether the front is there for deliveries alone. */
  get isRunning(): boolean {
    return this.#isRunning
  }

  /** Why it was given up; undefined when it was not. */
  get failure(): AppError | undefined {
    return this.#failure
  }

  /** No front can be had that delivers: what is pending is left for the next mount. */
  giveUp(failure: AppError): void {
    this.#failure = failure
    this.leave()
  }

  /** Waits no longer, now or later. */
  leave(): void {
    this.#done.resolve(undefined)
  }
}

/** `undefined` of a front that is not there any more. */
async function pendingAt(front: Pick<OwnedFront, 'status'> | undefined): Promise<boolean | undefined> {
  try {
    return front === undefined ? undefined : (await front.status()).uploads.pending > 0
  } catch {
    return undefined
  }
}
