import { readFile, readdir } from 'node:fs/promises'

import type { Clock } from '../../lib/clock.ts'
import { WaitTimeoutError, waitFor } from '../../lib/wait-for.ts'
import type { MountedVolume } from './volumes.ts'

/** davfs2 keeps what it could not upload in its cache when it is told to end, which takes it a moment. */
const terminateMs = 5_000
const killMs = 2_000

/** The process id of the daemon behind a davfs2 volume, by its own arguments. */
export async function findDavfsDaemon({ url, mountPoint }: MountedVolume): Promise<number | undefined> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  for (const pid of pids) {
    const argv = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0')
    const isMounter = argv[0]?.endsWith('mount.davfs') ?? false
    if (isMounter && argv.includes(url) && argv.includes(mountPoint)) return pid
  }
  return undefined
}

/** Ends the daemon: SIGTERM, then SIGKILL. Programs with files open on its volume get errors from then on. */
export async function endDavfsDaemon(pid: number, clock: Clock): Promise<void> {
  for (const [signal, timeoutMs] of [
    ['SIGTERM', terminateMs],
    ['SIGKILL', killMs],
  ] as const) {
    try {
      process.kill(pid, signal)
      await waitFor(async () => !(await isRunning(pid)), { clock, timeoutMs })
      return
    } catch (error) {
      // Gone before the signal came.
      if (!(error instanceof WaitTimeoutError)) return
    }
  }
}

/** A zombie has ended: it only waits for a parent to ask. */
async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  return stat !== undefined && !/\) Z /.test(stat)
}
