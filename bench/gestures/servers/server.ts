import type { Presence } from '../../protocol/peers/peer.ts'
import type { CallMeter } from '../call-meter.ts'

export const serverIds = ['mountbar', 'mountbar-delayfs', 'rclone', 'apache', 'nginx'] as const
export type ServerId = (typeof serverIds)[number]

export interface Site {
  /** The tree to serve, of this server alone. */
  readonly rootDir: string
  /** Exists, is empty, belongs to this server alone and may be used by any user. */
  readonly scratchDir: string
  /** How far away the files are. */
  readonly delayMs: number
  readonly signal: AbortSignal
}

/** A server that answers. */
export interface RunningServer {
  readonly url: string
  readonly meter: CallMeter
  /** Resolves when its processes and mounts are gone. */
  stop(): Promise<void>
}

/** One column of the tables. */
export interface Server {
  readonly id: ServerId
  readonly label: string
  find(): Promise<Presence>
  /** @throws when it does not come up; nothing is left then. */
  start(site: Site): Promise<RunningServer>
}
