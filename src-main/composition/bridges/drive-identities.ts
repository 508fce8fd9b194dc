import { createEmitter, type Emitter } from '../../lib/event.ts'
import { keepIdentity } from '../../services/credentials/keep-identity.ts'
import { defaultProfileName } from '../../services/credentials/profiles/config-paths.ts'
import type { S3FilesDrive } from '../../services/drives/drive.ts'
import type { MfaDesk } from '../aws/mfa-desk.ts'
import { openCredentials, type OpenCredentialsOptions } from '../aws/open-credentials.ts'
import { version } from '../../lib/version.ts'
import type { DriveIdentity } from './drive-identity.ts'
import { openDriveAccess } from './drive-access.ts'

export interface IdentityParts extends OpenCredentialsOptions {
  readonly mfa: Pick<MfaDesk, 'ask'>
}

/**
 * The identities of one drive, from the session of its profile, which is kept renewed until it is disposed. Nobody is asked for a code but by
 * `prepare`: where a person is needed later, it fails with what they have to do.
 */
export function openDriveIdentity(
  { fileSystem }: S3FilesDrive,
  commonName: string,
  parts: IdentityParts,
): DriveIdentity {
  const { env, mfa, clock } = parts
  const credentials = openCredentials(parts)
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
  const access = openDriveAccess(fileSystem, { ...parts, credentials, profile })
  return {
    access,
    prepare: (signal) => kept.prepare(signal, mfa.ask),
    issue: (signal) => kept.issue(signal),
    denied: (error) => kept.denied(error),
    renewable,
    clockError: () => credentials.skew.asError(),
    [Symbol.dispose]: () => {
      access[Symbol.dispose]()
      kept[Symbol.dispose]()
      credentials[Symbol.dispose]()
    },
  }
}
