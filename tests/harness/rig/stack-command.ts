import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { execa } from 'execa'

import { keyLines } from '../aws/local-aws.ts'
import { baseImage } from '../vm/build-vm.ts'
import type { RigAws } from './rig-aws.ts'

export interface StackCommandOptions {
  readonly rigAws: RigAws
  /** For keys and the installation. */
  readonly dir: string
  /** Whether what a command says is shown in this terminal too. */
  readonly isShown: boolean
  /** Ends a command that runs, as Ctrl-C does. */
  readonly signal?: AbortSignal
}

/** The built command, for which the AWS and the engine of the rig are all there is. */
export interface StackCommand {
  readonly appDir: string
  /** @returns what it printed. @throws when its exit code is not 0, with what it said. */
  readonly run: (...args: readonly string[]) => Promise<string>
  /** The same whatever the signal, and nothing is shown. For cleaning up. */
  readonly runAnyway: (...args: readonly string[]) => Promise<void>
}

/** Generous: the VM's processor is emulated, and other programs share the machine. */
const limitMs = 250_000

const cliPath = fileURLToPath(new URL('../../../out/cli.js', import.meta.url))
const profile = 'demo'

export async function prepareStackCommand({
  rigAws,
  dir,
  isShown,
  signal,
}: StackCommandOptions): Promise<StackCommand> {
  const appDir = join(dir, 'app')
  const awsDir = join(dir, 'aws')
  await mkdir(awsDir, { recursive: true })
  const credentialsPath = join(awsDir, 'credentials')
  const configPath = join(awsDir, 'config')
  await writeFile(credentialsPath, `[${profile}]\n${keyLines(rigAws.key)}`, { mode: 0o600 })
  await writeFile(configPath, `[profile ${profile}]\nregion = ${rigAws.region}\n`)
  const env = {
    // Whatever this shell has of AWS is nothing of the demo's.
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))),
    ...rigAws.endpoints,
    AWS_PROFILE: profile,
    AWS_SHARED_CREDENTIALS_FILE: credentialsPath,
    AWS_CONFIG_FILE: configPath,
    DOCKER_HOST: rigAws.vm.dockerHost,
    MOUNTBAR_HOME: appDir,
    MOUNTBAR_BRIDGE_BASE_IMAGE: baseImage,
    MOUNTBAR_BRIDGE_TUNNEL: 'stunnel',
    NO_COLOR: '1',
  }
  const common = { env, extendEnv: false, stdin: 'ignore', timeout: limitMs } as const
  return {
    appDir,
    run: async (...args) => {
      signal?.throwIfAborted()
      const shown = isShown ? (['pipe', 'inherit'] as const) : ('pipe' as const)
      const { stdout, stderr, exitCode, failed, timedOut } = await execa(
        process.execPath,
        [cliPath, ...args],
        {
          ...common,
          stdout: shown,
          stderr: shown,
          reject: false,
          ...(signal !== undefined && { cancelSignal: signal }),
        },
      )
      signal?.throwIfAborted()
      if (!failed) return stdout
      const end = timedOut ? 'took too long' : `ended with ${exitCode ?? 'a signal'}`
      throw new Error(`mountbar ${args[0] ?? ''} ${end}${isShown ? '' : `:\n${stderr}\n${stdout}`}`)
    },
    runAnyway: async (...args) => {
      await execa(process.execPath, [cliPath, ...args], { ...common, stdout: 'pipe', reject: false })
    },
  }
}
