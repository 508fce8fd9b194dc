import { rm } from 'node:fs/promises'

import type { Logger } from '../../lib/logger.ts'

/** Deletes files and folders of a front that is not running, which nobody misses; what cannot be deleted stays and is logged. */
export async function discardTraces(paths: readonly string[], log: Logger): Promise<void> {
  for (const path of paths) {
    await rm(path, { recursive: true, force: true }).catch((error: unknown) => {
      log.warn('front', 'not deleted', { path, error })
    })
  }
}
