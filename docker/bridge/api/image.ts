import type { BridgeRole } from './start.ts'

/**
 * What whoever creates the containers has to know of the image. Its entry point takes one word, the role, and is meant to run
 * under the engine's `init`.
 */
export const bridgeCommands: Readonly<Record<BridgeRole, readonly [BridgeRole]>> = {
  agent: ['agent'],
  tunnel: ['tunnel'],
}

/** `user:group` of a container. Mounting takes root (with SYS_ADMIN and no other capability); the tunnel needs nobody's rights. */
export const bridgeUsers: Readonly<Record<BridgeRole, string>> = {
  agent: '0:0',
  tunnel: '7400:7400',
}

export const bridgePaths = {
  /** Where the file system is mounted, in the agent. Part of the image, so that the root can be read-only. */
  mountDir: '/mnt/s3files',
  /** A tmpfs in either container, owned by its user, mode 0700: certificate and key lie here and nowhere else. */
  runDir: '/run/mountbar',
  /** Says whether `efs-proxy` or `stunnel` is this image's tunnel. */
  tunnelProgramPath: '/opt/mountbar/tunnel-program',
  /** One line: the tunnel program's package and version. */
  tunnelVersionPath: '/opt/mountbar/tunnel-version',
} as const

/** An agent may take this long to unmount in order; an engine that stops it waits at least as long. */
export const agentStopTimeoutMs = 45_000

/** On the image itself, and so on its containers, too. */
export const bridgeImageLabels = { 'mountbar.image': 'bridge' } as const

export interface BridgeLimits {
  /** Of memory, what lies on its tmpfs included. */
  readonly memoryMebibytes: number
  readonly maxProcesses: number
  readonly stopTimeoutSeconds: number
}

/** `compose.yaml` says the same; a test compares. */
export const bridgeLimits: Readonly<Record<BridgeRole, BridgeLimits>> = {
  agent: {
    memoryMebibytes: 768,
    maxProcesses: 256,
    stopTimeoutSeconds: Math.ceil(agentStopTimeoutMs / 1000),
  },
  // Asked to end, it waits for its agent to do so.
  tunnel: {
    memoryMebibytes: 256,
    maxProcesses: 64,
    stopTimeoutSeconds: Math.ceil(agentStopTimeoutMs / 1000) + 5,
  },
}

/** In mebibytes, of the tmpfs of either container. */
export const bridgeTmpfsMebibytes = { runDir: 16, tmpDir: 64 } as const
