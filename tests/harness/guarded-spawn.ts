import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { open } from 'node:fs/promises'

export interface GuardedProcess {
  readonly pid: number
  readonly hasExited: boolean
  /** Resolves when it is gone, by whatever cause. */
  readonly exited: Promise<void>
  /** SIGKILL, and waits until it is gone; harmless when it is. */
  kill(): Promise<void>
  /** SIGTERM, without waiting. */
  terminate(): void
}

export interface GuardedSpawnOptions {
  /** stdout and stderr are appended to it. */
  readonly logPath: string
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

/**
 * Starts a server that must not outlive the tests: the kernel kills it when this process dies, even by SIGKILL (`setpriv` replaces
 * itself by the program, so the pid is the program's). Linux only. @throws when it cannot be started.
 */
export async function spawnGuarded(
  program: string,
  args: readonly string[],
  { logPath, cwd, env }: GuardedSpawnOptions,
): Promise<GuardedProcess> {
  await using log = await open(logPath, 'a')
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', program, ...args], {
    stdio: ['ignore', log.fd, log.fd],
    // Ctrl-C reaches a whole terminal at once; it is for the program that started this one, which may need it yet.
    detached: true,
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env: { ...process.env, ...env } }),
  })
  await once(child, 'spawn')
  return guard(child)
}

function guard(child: ChildProcess): GuardedProcess {
  const exited = once(child, 'exit').then(() => undefined)
  return {
    pid: child.pid!,
    get hasExited() {
      return child.exitCode !== null || child.signalCode !== null
    },
    exited,
    kill: async () => {
      child.kill('SIGKILL')
      await exited
    },
    terminate: () => void child.kill('SIGTERM'),
  }
}
