import { join } from 'node:path'

import type { Clock } from '../../lib/clock.ts'
import { createEmitter, type Emitter } from '../../lib/event.ts'
import type { HostDirs } from '../../lib/host-dirs.ts'
import type { Logger } from '../../lib/logger.ts'
import { createCredentials } from '../../services/credentials/credentials.ts'
import { keepIdentity } from '../../services/credentials/keep-identity.ts'
import { defaultProfileName } from '../../services/credentials/profiles/config-paths.ts'
import { ssoCacheDirOf } from '../../services/credentials/sso/sso-cache.ts'
import { createSsoSignIns } from '../../services/credentials/sso/sso-sign-ins.ts'
import type { S3FilesDrive } from '../../services/drives/drive.ts'
import type { MfaDesk } from '../aws/mfa-desk.ts'
import { version } from '../version.ts'
import type { DriveIdentity } from './compose-bridges.ts'

export interface IdentityParts {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly homeDir: string
  readonly dirs: Pick<HostDirs, 'stateDir'>
  readonly mfa: Pick<MfaDesk, 'ask'>
  readonly clock: Clock
  readonly log: Logger
}

/**
 * The identities of one drive, from the session of its profile, which is kept renewed until it is disposed. Nobody is asked for a code but by
 * `prepare`: where a person is needed later, it fails with what they have to do.
 */
export function openDriveIdentity(
  { fileSystem }: S3FilesDrive,
  commonName: string,
  { env, homeDir, dirs, mfa, clock, log }: IdentityParts,
): DriveIdentity {
  const credentials = createCredentials({
    env,
    homeDir,
    clock,
    log,
    signIns: (settings) =>
      createSsoSignIns({
        cacheDir: ssoCacheDirOf(homeDir),
        lockDir: join(dirs.stateDir, 'sign-in'),
        settings,
        openUrl: () => Promise.resolve(false),
        clock,
        log,
      }),
  })
  const { fileSystemId, region, accessPointId, profile = defaultProfileName(env) } = fileSystem
  const renewable: Emitter<void> = createEmitter()
  const kept = keepIdentity({
    sessions: credentials.sessions,
    profile,
    fileSystemId,
    region,
    accessPointId,
    commonName,
    clientInfo: { source: 'mountbar', version },
    clock,
    onRenewable: () => renewable.fire(),
  })
  return {
    prepare: (signal) => kept.prepare(signal, mfa.ask),
    issue: (signal) => kept.issue(signal),
    denied: (error) => kept.denied(error),
    renewable,
    [Symbol.dispose]: () => {
      kept[Symbol.dispose]()
      credentials[Symbol.dispose]()
    },
  }
}
