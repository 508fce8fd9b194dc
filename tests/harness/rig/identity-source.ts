import type { IdentitySource } from '../../../src-main/services/bridge/ports.ts'
import {
  createTunnelIdentity,
  type IdentityRequest,
} from '../../../src-main/services/credentials/tunnel-identity.ts'
import type { TunnelKey } from '../../../src-main/services/credentials/tunnel-key.ts'
import type { SimulatedTarget } from '../s3files/start-mount-target.ts'

export interface IdentityOptions {
  readonly target: SimulatedTarget
  readonly key: TunnelKey
  /** What is not as the target wants it. Asked for each identity anew. */
  readonly change?: () => Partial<IdentityRequest>
}

/** Makes identities as the app does, from the credentials of the authority's first principal. */
export function createIdentitySource({ target, key, change }: IdentityOptions): IdentitySource {
  return () => {
    const { fileSystemId, region, principals } = target.authority
    const [principal] = principals
    if (principal === undefined) throw new Error('the authority knows nobody')
    const { accessKeyId, secretAccessKey, session } = principal
    return createTunnelIdentity({
      fileSystemId,
      region,
      credentials: {
        accessKeyId,
        secretAccessKey,
        sessionToken: session?.token,
        expiresAtMs: session?.expiresAtMs,
      },
      commonName: 'mountbar-rig',
      clientInfo: { source: 'mountbar', version: '0.0.0' },
      key,
      nowMs: Date.now(),
      ...change?.(),
    })
  }
}
