import { join } from 'node:path'

import { frontStateDirOf, type Drive } from '../../../src-main/services/drives/drive.ts'
import type { OpenApp } from './open-app.ts'

/** Has another process hold `drive` mounted at `/mnt/elsewhere`. */
export async function mountedElsewhere(
  drive: Drive,
  { fronts, volumes, dir }: Pick<OpenApp, 'fronts' | 'volumes' | 'dir'>,
): Promise<void> {
  const { url } = await fronts.start(
    {
      driveId: drive.id,
      driveName: drive.name,
      port: drive.port,
      pathSecret: drive.pathSecret,
      backend: { kind: 'local', rootDir: '/x' },
      stateDir: frontStateDirOf(drive, { stateDir: join(dir, 'state') }),
    },
    new AbortController().signal,
  )
  volumes.table.push({ url, mountPoint: '/mnt/elsewhere' })
}
