import type { Clock } from '../../lib/clock.ts'
import type { HostDirs } from '../../lib/host-dirs.ts'
import type { Logger } from '../../lib/logger.ts'
import { createCredentials, type Credentials } from '../../services/credentials/credentials.ts'
import { openSignIns } from './open-sign-ins.ts'

export interface OpenCredentialsOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly homeDir: string
  readonly dirs: Pick<HostDirs, 'stateDir'>
  readonly clock: Clock
  readonly log: Logger
}

/** Profiles and sessions of this process, which makes use of sign-ins and never asks for one. Whoever has it disposes it. */
export function openCredentials({ env, homeDir, dirs, clock, log }: OpenCredentialsOptions): Credentials {
  return createCredentials({
    env,
    homeDir,
    clock,
    log,
    signIns: (settings) =>
      openSignIns({ homeDir, dirs, settings, openUrl: () => Promise.resolve(false), clock, log }),
  })
}
