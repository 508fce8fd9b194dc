import { bridgeLabels } from '../../../docker/bridge/api/start.ts'
import { isLeftover } from '../../core/bridge-leftover.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { BridgeSpec } from './bridge.ts'
import type { Engine } from './ports.ts'

export interface LeftoverOptions {
  readonly clock: Clock
  readonly log: Logger
  /** Those are looked after. */
  readonly isInUse: (containerId: string) => boolean
}

/**
 * Removes what is left in the engine of bridges whose process died: all of this drive's, and of others what does not run any more.
 * Touches nothing that does not have this installation's label. What cannot be removed now is left to the next start.
 */
export async function removeLeftovers(
  engine: Engine,
  { installationId, driveId }: Pick<BridgeSpec, 'installationId' | 'driveId'>,
  { clock, log, isInUse }: LeftoverOptions,
  signal: AbortSignal,
): Promise<void> {
  const own = await engine.listContainers({ [bridgeLabels.installation]: installationId }, signal)
  const leftovers = own.filter(
    ({ id, labels, state, createdAtMs }) =>
      !isInUse(id) &&
      // The engine filtered already; one that ignores filters must not cost anybody a container.
      labels[bridgeLabels.installation] === installationId &&
      isLeftover(
        { driveId: labels[bridgeLabels.driveId], state, createdAtMs },
        { startingDriveId: driveId, nowMs: clock.now() },
      ),
  )
  // An agent whose tunnel is gone cannot be killed while its mount waits for it.
  const agentsFirst = leftovers.toSorted((one, other) => rank(one.labels) - rank(other.labels))
  for (const { id, labels } of agentsFirst) {
    log.info('bridge', 'removing leftover', {
      id,
      role: labels[bridgeLabels.role],
      drive: labels[bridgeLabels.driveId],
    })
    try {
      await engine.removeContainer(id)
    } catch (error) {
      log.warn('bridge', 'leftover not removed', { id, error })
    }
  }
}

function rank(labels: Readonly<Record<string, string>>): number {
  return labels[bridgeLabels.role] === 'agent' ? 0 : 1
}
