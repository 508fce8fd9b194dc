import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { composeBase } from '../composition/compose-base.ts'
import type { Machine } from '../composition/machine.ts'
import { createOpenUrl } from './aws/open-url.ts'
import type { Services } from './command-context.ts'
import { createSpawnKeeper } from './keeper/spawn-keeper.ts'

/** Joins what commands work with. Nothing is started, read or created here. */
export function composeServices(machine: Machine): Services {
  const { platform, env, homeDir, nodePath, programUrl } = machine
  const { drives, diagnostics, mfa, dirs, clock, log } = composeBase(machine)
  return {
    drives,
    diagnostics,
    aws: async () => {
      const { openAws } = await import('../composition/aws/open-aws.ts')
      const openUrl = createOpenUrl({ platform, env, clock })
      return openAws({ env, homeDir, dirs, openUrl, clock, log })
    },
    stacks: async (askMfaCode) => {
      const [{ openStacks }, { openCredentials }] = await Promise.all([
        import('../composition/stacks/open-stacks.ts'),
        import('../composition/aws/open-credentials.ts'),
      ])
      const credentials = openCredentials({ env, homeDir, dirs, clock, log })
      const stacks = openStacks({ credentials, askMfaCode, programUrl, env, clock })
      return { ...stacks, [Symbol.dispose]: () => credentials[Symbol.dispose]() }
    },
    connections: async (askMfaCode) => {
      const { openConnections } = await import('../composition/stacks/open-connections.ts')
      return openConnections({ machine, dirs, askMfaCode, clock, log })
    },
    spawnKeeper: createSpawnKeeper({
      nodePath,
      cliPath: fileURLToPath(programUrl),
      env,
      outputPath: join(dirs.logDir, 'keeper.log'),
    }),
    mfa,
    dirs,
    clock,
    log,
  }
}
