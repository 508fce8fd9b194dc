import type { AppDrives } from '../drives/app-drives.ts'
import type { DriveLooker } from '../drives/drive-looker.ts'
import type { UploadInfo } from '../../shared/front-protocol.ts'
import type { Teller } from './teller.ts'

type RecordOf = (driveId: string) => ReturnType<DriveLooker['recordOf']>

/** Of drives that another process holds: what their fronts say as it happens is not heard here, so that it is told of when it is seen. */
export class Others {
  readonly #recordOf: RecordOf
  readonly #teller: Teller
  /** How many each front had counted when it was looked at last; what was before the first look is no news. */
  #conflicts: ReadonlyMap<string, number> = new Map()
  #told = 0

  constructor(recordOf: RecordOf, teller: Teller) {
    this.#recordOf = recordOf
    this.#teller = teller
  }

  /** To be called after each look. */
  tell(appDrives: Pick<AppDrives, 'list'>): void {
    const counted = new Map<string, number>()
    for (const { drive, kept } of appDrives.list()) {
      const { uploads, totals, isRunning } = this.#recordOf(drive.id)
      if (kept !== undefined) continue
      const known = this.#conflicts.get(drive.id)
      // A front that does not answer for a moment has forgotten nothing.
      if (!isRunning && known !== undefined) counted.set(drive.id, known)
      if (!isRunning) continue
      this.#tellOfUploads(drive.id, uploads)
      this.#tellOfConflicts(drive.id, totals.conflicts - (known ?? totals.conflicts))
      counted.set(drive.id, totals.conflicts)
    }
    this.#conflicts = counted
  }

  #tellOfUploads(driveId: string, uploads: readonly UploadInfo[]): void {
    for (const { id, path, state, error } of uploads) {
      if (state !== 'attention') continue
      const key = `upload-attention:${driveId}:${id}`
      this.#teller.tell({
        kind: 'upload-attention',
        key,
        driveId,
        paths: [path],
        ...(error && { error }),
      })
    }
  }

  /** Which files they are only the front's owner has heard. */
  #tellOfConflicts(driveId: string, count: number): void {
    for (let left = count; left > 0; left -= 1) {
      this.#told += 1
      this.#teller.tell({ kind: 'conflict', key: `conflict:${driveId}:seen-${this.#told}`, driveId })
    }
  }
}
