import type { Forward } from './forward.ts'

/** The Mac, as containers of every engine for it call it: Docker Desktop, OrbStack, Colima, Rancher Desktop, Podman. */
const hostOfContainers = 'host.docker.internal'

/**
 * Where a bridge's tunnel connects to for a forwarded port. The plugin listens on the loopback only, which containers reach where their engine runs
 * in a VM and hands such connections to the host's loopback. Of an engine that runs on this very machine they cannot: there a direct way is needed.
 */
export function seenFromContainers({ localPort }: Pick<Forward, 'localPort'>): {
  readonly host: string
  readonly port: number
} {
  return { host: hostOfContainers, port: localPort }
}
