import type { AppDrives } from '../drives/app-drives.ts'
import type { DriveLooker } from '../drives/drive-looker.ts'
import type { Teller } from './teller.ts'

/** Of drives that another process holds: what their fronts say as it happens is not heard here, so that it is told of when it is seen. */
export function tellOfOthers(
  appDrives: Pick<AppDrives, 'list'>,
  { recordOf }: { readonly recordOf: (driveId: string) => ReturnType<DriveLooker['recordOf']> },
  teller: Teller,
): void {
  for (const { drive, kept } of appDrives.list()) {
    const { uploads, isRunning } = recordOf(drive.id)
    if (kept !== undefined || !isRunning) continue
    for (const { id, path, state, error } of uploads) {
      if (state !== 'attention') continue
      const key = `upload-attention:${drive.id}:${id}`
      teller.tell({
        kind: 'upload-attention',
        key,
        driveId: drive.id,
        paths: [path],
        ...(error && { error }),
      })
    }
  }
}
