import { join } from 'node:path'

import type { HostDirs } from '../../lib/host-dirs.ts'
import { ssoCacheDirOf } from '../../services/credentials/sso/sso-cache.ts'
import {
  createSsoSignIns,
  type InteractiveSignIns,
  type SsoSignInsOptions,
} from '../../services/credentials/sso/sso-sign-ins.ts'

export interface OpenSignInsOptions extends Omit<SsoSignInsOptions, 'cacheDir' | 'lockDir'> {
  readonly homeDir: string
  readonly dirs: Pick<HostDirs, 'stateDir'>
}

/** Sign-ins in the one cache, and under the one lock, that all processes of this user share. */
export function openSignIns({ homeDir, dirs, ...options }: OpenSignInsOptions): InteractiveSignIns {
  return createSsoSignIns({
    ...options,
    cacheDir: ssoCacheDirOf(homeDir),
    lockDir: join(dirs.stateDir, 'sign-in'),
  })
}
