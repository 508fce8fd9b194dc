/** A container with the labels of this installation, as the engine lists it. */
export interface OwnContainer {
  readonly driveId: string | undefined
  /** As Docker names them: `created`, `running`, `exited` … */
  readonly state: string
  readonly createdAtMs: number
}

export interface LeftoverFacts {
  /** The drive whose bridge is about to start: whatever is there of it has lost its owner. */
  readonly startingDriveId: string
  readonly nowMs: number
}

/** Longer than any engine takes from making a container to starting it, or from its end to its removal. */
const inTransitMs = 120_000

/**
 * Whether a container was left behind. Of other drives only what does not run and has not for a while: another process may be about to start
 * or remove it. What runs there has an owner, for without one its stdin would have ended.
 */
export function isLeftover({ driveId, state, createdAtMs }: OwnContainer, facts: LeftoverFacts): boolean {
  if (driveId === facts.startingDriveId) return true
  return state !== 'running' && facts.nowMs - createdAtMs > inTransitMs
}
