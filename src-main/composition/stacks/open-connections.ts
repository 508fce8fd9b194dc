import type { HostDirs } from '../../lib/host-dirs.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { AskMfaCode } from '../../services/credentials/ports.ts'
import { openCredentials } from '../aws/open-credentials.ts'
import type { Machine } from '../machine.ts'
import { createConnections, type Connections } from './connections.ts'
import { openStacks, type Stacks } from './open-stacks.ts'

export interface OpenConnectionsOptions {
  readonly machine: Pick<Machine, 'env' | 'homeDir' | 'programUrl'>
  readonly dirs: Pick<HostDirs, 'stateDir'>
  readonly askMfaCode?: AskMfaCode | undefined
  readonly clock: Clock
  readonly log: Logger
}

/** With credentials of its own. Whoever has it disposes it. */
export function openConnections(
  options: OpenConnectionsOptions,
): Connections & { readonly stacks: Stacks } & Disposable {
  const { machine, dirs, askMfaCode, clock, log } = options
  const { env, homeDir, programUrl } = machine
  const credentials = openCredentials({ env, homeDir, dirs, clock, log })
  const stacks = openStacks({ credentials, askMfaCode, programUrl, env, clock })
  return {
    ...createConnections({ stacks, credentials, askMfaCode, env, clock, log }),
    stacks,
    [Symbol.dispose]: () => credentials[Symbol.dispose](),
  }
}
