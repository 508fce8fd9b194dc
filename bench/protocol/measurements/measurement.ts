import type { TreeUsage } from '../../lib/process-tree.ts'
import type { Peer, PeerId, RunningServer } from '../peers/peer.ts'
import type { RowId } from '../rows.ts'
import type { Workspace } from '../workspace.ts'

/** One value for one row. */
export interface Sample {
  readonly row: RowId
  readonly value: number
}

/** A server under measurement. */
export interface Subject extends RunningServer {
  readonly peer: Peer
  usage(): TreeUsage
}

/** What every measurement gets. */
export interface Bench {
  readonly workspace: Workspace
  readonly wrkPath: string
  /** How long one load of small requests goes on. */
  readonly loadSeconds: number
  readonly signal: AbortSignal
}

/** One kind of measurement, taken on every server in every round. */
export interface Measurement {
  readonly name: string
  /** The rows it gives values for; skipped when none of them is asked for. */
  readonly rows: readonly RowId[]
  /** Servers it makes no sense for are left out. */
  readonly appliesTo: (peer: PeerId) => boolean
  /** Rounds after this one add nothing. */
  readonly maxRounds?: number
  /** The samples of one round. @throws when the server answers anything but what was asked for. */
  measure(subject: Subject, bench: Bench): Promise<readonly Sample[]>
}

/** All servers but our second one, which is there for the rows about writing. */
export const onOneFront = (peer: PeerId): boolean => peer !== 'mountbar-no-fsync'
export const onEvery = (): boolean => true
