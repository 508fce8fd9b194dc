/** Every server that can stand in the table. Both of the last two are ours. */
export const peerIds = ['apache', 'nginx', 'rclone', 'wsgidav', 'mountbar', 'mountbar-no-fsync'] as const
export type PeerId = (typeof peerIds)[number]

export type Presence =
  | { readonly kind: 'found'; readonly version: string }
  /** `remedy` is what a person can do about it. */
  | { readonly kind: 'missing'; readonly remedy: string }

export interface StartOptions {
  /** The tree to serve. The same for all, so that no server has luck with its own. */
  readonly rootDir: string
  /** Exists, is empty, on the same file system as the tree, and belongs to this server alone. */
  readonly scratchDir: string
  readonly signal: AbortSignal
}

/** A server that answers. */
export interface RunningServer {
  readonly pid: number
  readonly port: number
  /** What every request target begins with; ends in `/`. */
  readonly basePath: string
  /** Resolves when all its processes are gone. */
  stop(): Promise<void>
}

/** A WebDAV server and how it is started with the settings its users would have. */
export interface Peer {
  readonly id: PeerId
  readonly label: string
  find(): Promise<Presence>
  /** @throws when it does not come up; nothing is left running then. */
  start(options: StartOptions): Promise<RunningServer>
}
