import type { BridgeEvent as AgentEvent, Nudge } from '../../../docker/bridge/api/control.ts'
import type { BridgeState } from '../../core/bridge-state.ts'
import type { Event } from '../../lib/event.ts'

/** How the agent gets to the file system. */
export type BridgeRoute =
  | {
      readonly kind: 'tunnel'
      /** A mount target, a load balancer before it, the near end of a forwarded port. */
      readonly connect: { readonly host: string; readonly port: number }
      readonly tlsName: string
      /** Amazon's roots where absent. PEM. */
      readonly caPem?: string | undefined
    }
  /** Plain NFS through a network that can be trusted; no tunnel, no identity. */
  | { readonly kind: 'direct'; readonly nfs: { readonly host: string; readonly port: number } }

/** Where the image of both containers comes from. */
export type BridgeImage =
  /** A folder with a `Dockerfile`; built once per content. */
  | { readonly kind: 'build'; readonly contextDir: string; readonly args: Readonly<Record<string, string>> }
  | { readonly kind: 'pull'; readonly ref: string }

export interface BridgeSpec {
  readonly driveId: string
  /** Tells this installation's containers from everybody else's, here and at the file system. */
  readonly installationId: string
  readonly fileSystemId: string
  readonly region: string
  readonly accessPointId?: string | undefined
  readonly remotePath: string
  readonly readOnly: boolean
  /** Added to S3 Files' own. */
  readonly mountOptions?: readonly string[]
  readonly route: BridgeRoute
  readonly image: BridgeImage
}

/** Where one agent answers. The next one has other ports and another token. */
export interface BridgeAddress {
  readonly filesUrl: string
  readonly controlUrl: string
  readonly token: string
}

export type Latency = Pick<Extract<AgentEvent, { type: 'latency' }>, 'atMs' | 'roundTripMs'>
export type BridgeLogLine = Pick<Extract<AgentEvent, { type: 'log' }>, 'level' | 'source' | 'text'>
export type NudgeReason = Nudge['reason']

/** The two containers of a drive, made anew whenever one of them or the engine is lost, from `start` to `stop`. */
export interface Bridge {
  state(): BridgeState
  readonly stateChanged: Event<BridgeState>
  /** Probes of the mount that were answered. */
  readonly probed: Event<Latency>
  readonly logged: Event<BridgeLogLine>
  /** An agent is there for the front to use; another one than before, each time. */
  readonly addressed: Event<BridgeAddress>
  address(): BridgeAddress | undefined
  /**
   * Resolves when the file system is mounted. When it does not get there nothing is left in the engine.
   * @throws AppError what stands in the way: an engine's, a server's or an identity's error, `bridge-timeout`, `cancelled`.
   */
  start(signal: AbortSignal): Promise<BridgeAddress>
  /** The connection may be dead: after a wake, on a change of the network, when a person says so. Tries again what waits, at once. */
  nudge(reason: NudgeReason): void
  /** There are new credentials: an identity that is due and could not be had is asked for again at once. */
  refreshIdentity(): void
  /** Unmounts in order and removes both containers, the agent first. May be called at any time, and again. */
  stop(): Promise<void>
}
