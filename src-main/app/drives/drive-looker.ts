import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { orAborted } from '../../lib/or-aborted.ts'
import type { Drives } from '../../services/drives/drives.ts'
import type { KeptUploads } from '../../services/drives/ports.ts'
import type { SerializedError } from '../../shared/errors.ts'
import type { UploadInfo, UploadTotals } from '../../shared/front-protocol.ts'
import type { FrontStatus, WatchedDrive } from '../../services/vitals/vitals.ts'
import type { AppDrive } from './app-drive.ts'
import type { AppDrives } from './app-drives.ts'

/** What a front, or its folder, has last told of a drive. */
export interface DriveRecord {
  readonly totals: UploadTotals
  readonly uploads: readonly UploadInfo[]
  /** What keeps its bridge from working. */
  readonly trouble: SerializedError | undefined
  /** A front delivers them; otherwise they lie here for the next mount. */
  readonly isRunning: boolean
}

export const noUploads: UploadTotals = {
  pending: 0,
  pendingBytes: 0,
  oldestAgeMs: 0,
  attention: 0,
  bytesPerSec: 0,
  delivered: 0,
  conflicts: 0,
}
const nothingYet: DriveRecord = { totals: noUploads, uploads: [], trouble: undefined, isRunning: false }

/** As many as windows show. */
const maxListed = 100

export interface LookerDeps {
  readonly drives: Pick<Drives, 'observeAll' | 'uploads' | 'registry'>
  readonly clock: Clock
  readonly log: Logger
  readonly watchedOf: (driveId: string) => WatchedDrive | undefined
  /** Called when a record has changed. */
  readonly onChange: () => void
  readonly onListFailed: (error: unknown) => void
}

/** Looks at what can only be observed: the list on disk, drives that others hold, uploads. Each look is one for all drives. */
export class DriveLooker {
  readonly #appDrives: AppDrives
  readonly #deps: LookerDeps
  #listing: Promise<void> = Promise.resolve()
  #underWay: Promise<void> | undefined
  #next: Promise<void> | undefined
  readonly #records = new Map<string, DriveRecord>()

  constructor(appDrives: AppDrives, deps: LookerDeps) {
    this.#appDrives = appDrives
    this.#deps = deps
  }

  recordOf(driveId: string): DriveRecord {
    return this.#records.get(driveId) ?? nothingYet
  }

  /** Some upload moves, so that the next look should come soon. */
  get isMoving(): boolean {
    return [...this.#records.values()].some(({ totals, isRunning }) => isRunning && totals.pending > 0)
  }

  forget(driveId: string): void {
    this.#records.delete(driveId)
  }

  /**
   * Looks at everything as it is from now on: what is under way may have missed what its caller has just done, so that there is one more look
   * after it, for all who have come meanwhile. Never rejects but by `signal`.
   */
  async look(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    await orAborted(this.#lookAfresh(signal), signal)
  }

  /** Takes over the list on disk, and waits for no front. Never rejects. */
  async takeList(): Promise<void> {
    // One after the other: what was read earlier must not take the place of what was read later.
    this.#listing = this.#listing.then(() => this.#takeList())
    await this.#listing
  }

  #lookAfresh(signal: AbortSignal): Promise<void> {
    if (this.#underWay === undefined) {
      const over = (): void => {
        this.#underWay = undefined
      }
      return (this.#underWay = this.#look().finally(over))
    }
    const again = async (): Promise<void> => {
      this.#next = undefined
      if (!signal.aborted) await this.#lookAfresh(signal)
    }
    return (this.#next ??= this.#underWay.then(again, again))
  }

  async #takeList(): Promise<void> {
    const { drives, onListFailed } = this.#deps
    try {
      this.#appDrives.setList(await drives.registry.list())
    } catch (error) {
      onListFailed(error)
    }
  }

  async #look(): Promise<void> {
    const { log } = this.#deps
    await this.takeList()
    const all = this.#appDrives.list()
    await Promise.all([
      this.#lookAtOthers(all.filter(({ kept }) => kept === undefined)).catch((error: unknown) => {
        log.warn('app', 'drives not observed', { error })
      }),
      ...all.filter(({ kept }) => kept !== undefined).map((drive) => this.#lookAtHeld(drive)),
    ])
  }

  async #lookAtOthers(others: readonly AppDrive[]): Promise<void> {
    if (others.length === 0) return
    const seen = await this.#deps.drives.observeAll(others.map(({ drive }) => drive))
    await Promise.all(
      seen.map(async (observed) => {
        const { id } = observed.drive
        const appDrive = this.#appDrives.find(id)
        // It was mounted here while we looked: what was seen is that, half done.
        if (appDrive === undefined || appDrive.kept !== undefined) return
        appDrive.observe(observed)
        const { frontStatus, kept } = observed
        if (frontStatus !== undefined) await this.#hear(appDrive, frontStatus)
        else this.#set(id, kept === undefined ? nothingYet : recordOfKept(kept, this.#deps.clock))
      }),
    )
  }

  async #lookAtHeld(appDrive: AppDrive): Promise<void> {
    try {
      const status = await appDrive.kept?.frontStatus()
      if (status !== undefined) await this.#hear(appDrive, status)
    } catch (error) {
      // Its front is being started again: what was known of it stays.
      this.#deps.log.debug('app', 'front not asked', { id: appDrive.drive.id, error })
    }
  }

  async #hear({ drive }: AppDrive, status: FrontStatus): Promise<void> {
    this.#deps.watchedOf(drive.id)?.hearStatus(status)
    const { pending, attention } = status.uploads
    const uploads = pending + attention === 0 ? [] : await this.#listOf(drive.id)
    this.#set(drive.id, { totals: status.uploads, uploads, trouble: status.trouble, isRunning: true })
  }

  async #listOf(driveId: string): Promise<readonly UploadInfo[]> {
    const drive = this.#appDrives.find(driveId)?.drive
    if (drive === undefined) return []
    try {
      const found = await this.#deps.drives.uploads(drive)
      return found.kind === 'running'
        ? found.report.uploads.slice(0, maxListed)
        : recordOfKept(found.kept, this.#deps.clock).uploads
    } catch (error) {
      this.#deps.log.debug('app', 'uploads not listed', { id: driveId, error })
      return this.recordOf(driveId).uploads
    }
  }

  #set(driveId: string, record: DriveRecord): void {
    if (JSON.stringify(this.recordOf(driveId)) === JSON.stringify(record)) return
    this.#records.set(driveId, record)
    this.#deps.onChange()
  }
}

/** Uploads that wait on this machine for the next mount, in the words of those that are under way. */
function recordOfKept({ count, bytes, attention, uploads }: KeptUploads, clock: Clock): DriveRecord {
  const oldest = Math.min(...uploads.map(({ acceptedMs }) => acceptedMs))
  const listed = uploads.map(({ id, path, size, acceptedMs, error }): UploadInfo => {
    const state = error === undefined ? 'waiting' : 'attention'
    return { id, path, size, acceptedMs, attempts: 0, state, sentBytes: 0, ...(error && { error }) }
  })
  const sorted = listed.toSorted(
    (one, other) => Number(other.state === 'attention') - Number(one.state === 'attention'),
  )
  return {
    totals: {
      ...noUploads,
      pending: count - attention,
      pendingBytes: bytes,
      attention,
      // To the minute, so that what lies there is no news with every look.
      oldestAgeMs: uploads.length === 0 ? 0 : Math.floor((clock.now() - oldest) / 60_000) * 60_000,
    },
    uploads: sorted.slice(0, maxListed),
    trouble: undefined,
    isRunning: false,
  }
}
