import type { FrontEvent } from '../../shared/front-protocol.ts'

/** Tells one peer. Never throws: a peer that has gone is told nothing. */
export type Say = (event: FrontEvent) => void
