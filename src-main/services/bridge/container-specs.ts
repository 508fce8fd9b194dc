import { createHash } from 'node:crypto'

import {
  bridgeCommands,
  bridgeLimits,
  bridgePaths,
  bridgeTmpfsMebibytes,
  bridgeUsers,
} from '../../../docker/bridge/api/image.ts'
import { bridgePorts } from '../../../docker/bridge/api/ports.ts'
import { bridgeLabels, type BridgeRole } from '../../../docker/bridge/api/start.ts'
import type { BridgeSpec } from './bridge.ts'
import type { ContainerSpec, Labels } from './ports.ts'

const mebibyte = 1024 * 1024
/** Linux's limit for a host name. */
const maxHostNameLength = 63

/** One pair of containers. */
export interface LifeNames {
  /** Tells this pair from those before it, which an engine may be slow to remove. */
  readonly lifeId: string
  readonly image: string
  /** Of image and settings. */
  readonly fingerprint: string
}

/** The agent: root with SYS_ADMIN, for mounting, and nothing else. */
export function agentContainer(spec: BridgeSpec, names: LifeNames): ContainerSpec {
  const common = commonOf('agent', spec, names)
  return {
    ...common,
    // Where the programs of util-linux note what they have mounted.
    tmpfs: { '/run': 'rw,nosuid,nodev,noexec,size=1m,mode=0755', ...common.tmpfs },
    capabilities: ['SYS_ADMIN'],
    isConfinedByAppArmor: false,
    network: {
      kind: 'own',
      hostname: hostNameOf(spec),
      publishedPorts: [bridgePorts.control, bridgePorts.files],
    },
  }
}

/** The tunnel: nobody in particular, in the agent's network. */
export function tunnelContainer(spec: BridgeSpec, names: LifeNames, agentId: string): ContainerSpec {
  return {
    ...commonOf('tunnel', spec, names),
    capabilities: [],
    isConfinedByAppArmor: true,
    network: { kind: 'of-container', containerId: agentId },
  }
}

/** By which the containers of a drive are found again, or of all drives of an installation. */
export function ownLabels({
  installationId,
  driveId,
}: Pick<BridgeSpec, 'installationId' | 'driveId'>): Labels {
  return { [bridgeLabels.installation]: installationId, [bridgeLabels.driveId]: driveId }
}

/**
 * Unique for each installation and drive: NFSv4 servers tell clients apart by it, and two of one name would end each other's
 * sessions. The same each time, so that a server knows the new bridge for the old one and frees what that held.
 */
export function hostNameOf({
  installationId,
  driveId,
}: Pick<BridgeSpec, 'installationId' | 'driveId'>): string {
  const name = `bridge-${installationId}-${driveId}`.toLowerCase()
  if (name.length <= maxHostNameLength && /^[a-z0-9-]*[a-z0-9]$/.test(name)) return name
  return `bridge-${createHash('sha256').update(`${installationId}\0${driveId}`).digest('hex').slice(0, 32)}`
}

function commonOf(role: BridgeRole, spec: BridgeSpec, { lifeId, image, fingerprint }: LifeNames) {
  const [uid = '0', gid = '0'] = bridgeUsers[role].split(':')
  const { memoryMebibytes, maxProcesses, stopTimeoutSeconds } = bridgeLimits[role]
  return {
    name: `mountbar-${spec.driveId}-${role}-${lifeId}`,
    image,
    command: bridgeCommands[role],
    user: bridgeUsers[role],
    labels: {
      ...ownLabels(spec),
      [bridgeLabels.role]: role,
      [bridgeLabels.fingerprint]: fingerprint,
    },
    memoryBytes: memoryMebibytes * mebibyte,
    maxProcesses,
    stopTimeoutSeconds,
    tmpfs: {
      [bridgePaths.runDir]: `rw,nosuid,nodev,noexec,size=${bridgeTmpfsMebibytes.runDir}m,mode=0700,uid=${uid},gid=${gid}`,
      '/tmp': `rw,nosuid,nodev,noexec,size=${bridgeTmpfsMebibytes.tmpDir}m,mode=1777`,
    },
  }
}
