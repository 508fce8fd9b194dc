import { randomBytes } from 'node:crypto'

import type { Clock } from '../../lib/clock.ts'
import { BufferPool } from './buffer-pool.ts'
import { Containment } from './containment.ts'
import { FileService } from './file-service.ts'
import { realpath, statfs } from './fs-calls.ts'
import { createLanes } from './lanes.ts'
import { MountGuard } from './mount-guard.ts'
import { Replacements } from './replacements.ts'
import type { FileServiceStart } from './start.ts'
import { TemporaryFiles } from './temporary-files.ts'

/** Blocks kept for the next transfer: as much as eight of them use at a time. */
const keptBlocks = 16

/** `NFS_SUPER_MAGIC` of linux/magic.h. */
const nfsType = 0x6969

export interface Surroundings {
  readonly clock: Clock
  readonly onFailure: (text: string) => void
  readonly statusProgram?: string
}

/** Joins the parts of a file service over `rootDir`. The caller lets it listen, and disposes it. @throws an errno error. */
export async function openFileService(
  { rootDir, token, readOnly, instanceId }: Omit<FileServiceStart, 'host' | 'port'>,
  { clock, onFailure, statusProgram = 'getfattr' }: Surroundings,
): Promise<FileService> {
  const realRootDir = await realpath(rootDir)
  const guard = await MountGuard.around(realRootDir)
  const { type } = await statfs(realRootDir)
  return new FileService({
    token,
    guard,
    onFailure,
    clock,
    statusProgram,
    pool: new BufferPool(keptBlocks),
    tree: {
      containment: new Containment(realRootDir),
      lanes: createLanes(),
      temporaries: new TemporaryFiles(instanceId ?? randomBytes(8).toString('hex'), clock.now()),
      replacements: new Replacements(),
      readOnly,
      syncsDirectories: type !== nfsType,
    },
  })
}
