/**
 * Where the programs of a bridge listen, inside the network that agent and tunnel share. The engine publishes the first
 * two on 127.0.0.1 with ports of its choice; the others never leave the containers.
 */
export const bridgePorts = {
  /** Health, events, identity, nudge: a process that never touches the mount, so that it always answers. */
  control: 7400,
  /** The file service: a process of its own, which a stuck mount may stop. */
  files: 7401,
  /** The tunnel's supervisor, for the agent. */
  tunnelControl: 7402,
  /** Where the kernel's NFS client finds the tunnel. */
  nfs: 20_490,
} as const
