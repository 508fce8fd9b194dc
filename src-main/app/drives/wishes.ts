import { failureKindOf } from '../../core/session-failure.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { ErrorCode } from '../../shared/errors.ts'
import type { AppDrive } from './app-drive.ts'
import type { AppDrives } from './app-drives.ts'

/** What has become better, so that a mount that failed for want of it is worth another try. */
export type Improvement = 'engine' | 'sign-in' | 'network' | 'awake'

/** A keeper that starts its front again is faster than that. */
const adoptAfterMs = 3_000

/**
 * Brings what runs to what is wanted: drives that mount by themselves, volumes that a crash has left without a front, mounts that failed for want
 * of something that is there now. What a person has unmounted, ejected or cancelled is wanted no longer, and is left alone.
 */
export class Wishes {
  readonly #appDrives: AppDrives
  readonly #clock: Clock
  readonly #log: Logger
  /** Since when each was seen without a front. */
  #orphans: ReadonlyMap<string, number> = new Map()

  constructor(appDrives: AppDrives, clock: Clock, log: Logger) {
    this.#appDrives = appDrives
    this.#clock = clock
    this.#log = log
  }

  /** Once, when the app starts and has looked at all drives. */
  mountAutomatic(): void {
    for (const appDrive of this.#appDrives.list()) {
      if (appDrive.drive.autoMount === true && isAtRest(appDrive)) this.#mount(appDrive, 'mounts by itself')
    }
  }

  /**
   * Gives a front to volumes that have none, which block whoever looks at them. To be called after each look: one that was seen so for a while,
   * and in each look, is adopted.
   */
  adoptOrphans(): void {
    const orphans = this.#appDrives.list().filter((appDrive) => {
      const { kept, observed, isBusy, failure } = appDrive
      return (
        kept === undefined &&
        !isBusy &&
        failure === undefined &&
        observed?.hasVolume === true &&
        observed.front === 'none'
      )
    })
    const nowMs = this.#clock.monotonicMs()
    const sinceMs = ({ drive }: AppDrive): number => this.#orphans.get(drive.id) ?? nowMs
    this.#orphans = new Map(orphans.map((orphan) => [orphan.drive.id, sinceMs(orphan)]))
    for (const orphan of orphans) {
      if (nowMs - sinceMs(orphan) >= adoptAfterMs) this.#mount(orphan, 'volume without a front')
    }
  }

  retry(because: Improvement): void {
    for (const appDrive of this.#appDrives.list()) {
      const { failure, isWanted, isBusy } = appDrive
      if (failure === undefined || !isWanted || isBusy) continue
      if (isWorthTrying(failure.code, because)) this.#mount(appDrive, `tried again: ${because}`)
    }
  }

  #mount(appDrive: AppDrive, why: string): void {
    this.#log.info('app', 'mounting', { id: appDrive.drive.id, why })
    void appDrive.mount()
  }
}

function isAtRest({ state }: AppDrive): boolean {
  return state.kind === 'unmounted' || state.kind === 'failed' || state.kind === 'delivering'
}

/** What a network that is back, or a machine that has woken up in another place, may mend. */
const networkCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'server-unresolved',
  'server-unreachable',
  'server-closed',
  'server-silent',
  'server-refused',
  // The one that is let in may be back: a VPN was switched off.
  'address-not-allowed',
  'bridge-timeout',
  'bridge-mount-failed',
  'tunnel-failed',
  'stalled',
])

export function isWorthTrying(code: ErrorCode, because: Improvement): boolean {
  switch (because) {
    case 'engine':
      return code.startsWith('engine-') || code.startsWith('image-') || code === 'bridge-died'
    case 'sign-in':
      // Not after a code that was declined or wrong: that would ask for it again and again.
      return failureKindOf(code) === 'sign-in' && !['mfa-needed', 'mfa-rejected', 'cancelled'].includes(code)
    case 'network':
    case 'awake':
      return networkCodes.has(code) || failureKindOf(code) === 'passing' || code === 'clock-skewed'
  }
}
