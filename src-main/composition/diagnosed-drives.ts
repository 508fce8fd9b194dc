import type { DiagnosticsContext } from '../services/diagnostics/context.ts'
import type { Drives } from '../services/drives/drives.ts'

/** What a diagnosis looks at of each drive. */
export async function diagnosedDrives(drives: Drives): ReturnType<DiagnosticsContext['observeDrives']> {
  const all = await drives.observeAll()
  return all.map(({ drive, hasVolume, front, frontStatus, kept }) => {
    const { id, name, port } = drive
    const { attention = 0, oldestAgeMs = 0 } = frontStatus?.uploads ?? {}
    return {
      id,
      name,
      port,
      hasVolume,
      front,
      uploads: { attention: attention + (kept?.attention ?? 0), oldestAgeMs, kept: kept?.count ?? 0 },
    }
  })
}
