import {
  agentStartSchema,
  tunnelStartSchema,
  type AgentStartInput,
  type TunnelStartInput,
} from '../../../docker/bridge/api/start.ts'
import type { BridgeRoute, BridgeSpec } from './bridge.ts'
import type { IssuedIdentity } from './ports.ts'

/** What an agent is told on stdin. Carries the token: for stdin only. */
export function agentLine(spec: BridgeSpec, token: string): string {
  const { fileSystemId, region, accessPointId, remotePath, readOnly, mountOptions = [], route } = spec
  const start: AgentStartInput = {
    role: 'agent',
    token,
    fileSystemId,
    region,
    remotePath,
    readOnly,
    mountOptions: [...mountOptions],
    ...(accessPointId === undefined ? {} : { accessPointId }),
    ...(route.kind === 'direct' ? { nfs: route.nfs } : {}),
  }
  return JSON.stringify(agentStartSchema.parse(start))
}

/** What a tunnel is told on stdin. Carries token, certificate and key: for stdin only. */
export function tunnelLine(
  { fileSystemId, region }: BridgeSpec,
  { connect, tlsName, caPem }: Extract<BridgeRoute, { kind: 'tunnel' }>,
  token: string,
  identity: IssuedIdentity,
): string {
  const start: TunnelStartInput = {
    role: 'tunnel',
    token,
    fileSystemId,
    region,
    connect,
    tlsName,
    ...(caPem === undefined ? {} : { caPem }),
    identity: asHandedOver(identity),
  }
  return JSON.stringify(tunnelStartSchema.parse(start))
}

/** The part of an identity that leaves this process. */
export function asHandedOver({ certificatePem, privateKeyPem, expiresAtMs }: IssuedIdentity) {
  return { certificatePem, privateKeyPem, expiresAtMs }
}
