import { join } from 'node:path'

import type { Clock } from '../../lib/clock.ts'
import type { HostDirs } from '../../lib/host-dirs.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Bridges } from '../../services/drives/ports.ts'
import { readInstallationId } from '../../services/settings/installation-id.ts'
import type { MfaDesk } from '../aws/mfa-desk.ts'
import type { Machine } from '../machine.ts'
import { bridgeImageOf } from './bridge-image.ts'

export interface DriveBridgesParts {
  readonly machine: Machine
  readonly dirs: HostDirs
  readonly mfa: Pick<MfaDesk, 'ask'>
  /** The address of the engine that a person chose; whichever is found where there is none. Asked at each start. */
  readonly chosenEngine: () => Promise<string | undefined>
  readonly clock: Clock
  readonly log: Logger
}

/** Bridges as drives need them. What they are made of is loaded with the first: most programs start none. */
export function driveBridges({ machine, dirs, mfa, chosenEngine, clock, log }: DriveBridgesParts): Bridges {
  const { env, homeDir } = machine
  return {
    start: async (drive, options) => {
      const [{ composeBridges }, { openDriveIdentity }, chosen] = await Promise.all([
        import('./compose-bridges.ts'),
        import('./drive-identities.ts'),
        chosenEngine(),
      ])
      const bridges = composeBridges({
        surroundings: { chosen, env, homeDir },
        image: bridgeImageOf(machine),
        installationId: () => readInstallationId(join(dirs.stateDir, 'installation-id')),
        identityOf: (of, commonName) =>
          openDriveIdentity(of, commonName, { env, homeDir, dirs, mfa, clock, log }),
        clock,
        log,
      })
      return await bridges.start(drive, options)
    },
  }
}
