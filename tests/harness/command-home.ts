import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { z } from 'zod'

import { runProgram } from './run-program.ts'
import { makeTempDir } from './temp-dir.ts'
import { waitFor, within } from './wait-for.ts'

const builtCliPath = fileURLToPath(new URL('../../out/cli.js', import.meta.url))

const statusSchema = z.object({
  drives: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      mounted: z.boolean(),
      mountPoint: z.string(),
      url: z.string(),
      front: z.enum(['none', 'silent', 'answers']),
      pid: z.number().optional(),
      state: z.object({ kind: z.string(), degraded: z.string().optional() }),
    }),
  ),
})
export type DriveStatus = z.output<typeof statusSchema>['drives'][number]

export interface Finished {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A command that still runs. */
export interface RunningCommand {
  readonly child: ChildProcess
  readonly output: () => string
  readonly finished: Promise<Finished>
}

/** An installation of `mountbar` of one test's own: settings, logs, sockets and default mount points below `dir`. */
export interface CommandHome {
  readonly dir: string
  start(...args: readonly string[]): RunningCommand
  run(...args: readonly string[]): Promise<Finished>
  /** As on a machine without davfs2 (Linux, root): its program is hidden from this one command. */
  runWithoutMounter(...args: readonly string[]): Promise<Finished>
  status(name: string): Promise<DriveStatus>
  /** Process ids of the keepers of this installation. */
  keepers(): Promise<readonly number[]>
  /**
   * Unmounts and ends all that is left, then removes the folder.
   * @returns what was left: volumes and processes, told for the test to fail on.
   */
  cleanUp(): Promise<readonly string[]>
}

/** In a mount namespace of its own, a file that cannot be executed lies over davfs2's program, where there is one. */
const hideMounter = [
  '--mount',
  'sh',
  '-c',
  'test ! -e /sbin/mount.davfs || mount --bind /etc/passwd /sbin/mount.davfs; exec "$@"',
  'sh',
]

/** `findCli` may put another command than the built one into the new home. */
export async function makeCommandHome(
  findCli: (dir: string) => Promise<string> = () => Promise.resolve(builtCliPath),
): Promise<CommandHome> {
  const temp = await makeTempDir('command')
  const { dir } = temp
  const cliPath = await findCli(dir)
  const appDir = join(dir, 'app')

  const startProgram = (program: string, args: readonly string[]): RunningCommand => {
    const child = spawn(program, args, {
      env: { ...process.env, MOUNTBAR_HOME: appDir, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    const finished = once(child, 'close').then(() => ({ status: child.exitCode, stdout, stderr }))
    return { child, output: () => stdout + stderr, finished }
  }
  const start = (...args: readonly string[]): RunningCommand =>
    startProgram(process.execPath, [cliPath, ...args])
  const run = (...args: readonly string[]): Promise<Finished> =>
    within(start(...args).finished, `mountbar ${args.join(' ')}`, 60_000)
  const runWithoutMounter = (...args: readonly string[]): Promise<Finished> => {
    const hidden = [...hideMounter, process.execPath, cliPath, ...args]
    return within(startProgram('unshare', hidden).finished, `mountbar ${args.join(' ')}`, 60_000)
  }

  const drives = async (): Promise<readonly DriveStatus[]> => {
    const { stdout } = await run('status', '--json')
    return statusSchema.parse(JSON.parse(stdout)).drives
  }
  const keepers = () => processesOf(appDir, 'keep')

  return {
    dir,
    start,
    run,
    runWithoutMounter,
    keepers,
    status: async (name) => {
      const found = (await drives()).find((drive) => drive.name === name)
      if (found === undefined) throw new Error(`there is no drive ${name}`)
      return found
    },
    cleanUp: async () => {
      const volumes = await volumesBelow(dir)
      for (const volume of volumes) {
        await runProgram('umount', ['-i', '-l', volume], { limitMs: 20_000 }).catch(() => undefined)
      }
      // A keeper whose volume is gone ends by itself; the rest did not.
      const left = volumes.length > 0 ? [] : await settled(appDir)
      for (const pid of await processesOf(appDir)) killIfThere(pid)
      await temp[Symbol.asyncDispose]()
      return [...volumes.map((volume) => `volume ${volume}`), ...left.map((pid) => `process ${pid}`)]
    },
  }
}

async function settled(appDir: string): Promise<readonly number[]> {
  const noneLeft = async (): Promise<boolean> => (await processesOf(appDir)).length === 0
  await waitFor(noneLeft, { what: 'all processes to end', limitMs: 10_000 }).catch(() => undefined)
  return await processesOf(appDir)
}

/** It may have ended by itself since it was found. */
function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

export async function volumesBelow(dir: string): Promise<readonly string[]> {
  const table = await readFile('/proc/self/mounts', 'utf8')
  return table
    .split('\n')
    .map((line) => (line.split(' ')[1] ?? '').replaceAll('\\040', ' '))
    .filter((mountPoint) => mountPoint.startsWith(`${dir}/`))
}

/** `mountbar` processes that were started with this home; with `command` only those that run it. */
async function processesOf(appDir: string, command?: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const ours: number[] = []
  for (const pid of pids) {
    const [environment, argv] = await Promise.all(
      ['environ', 'cmdline'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
    )
    const isOurs = environment!.split('\0').includes(`MOUNTBAR_HOME=${appDir}`)
    if (isOurs && (command === undefined || argv!.split('\0').includes(command))) ours.push(pid)
  }
  return ours
}

/** False once the process has ended, also while its parent has not yet asked how. */
export async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat !== '' && !/\) Z /.test(stat)
}
