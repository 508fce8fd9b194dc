import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { promisify } from 'node:util'

import { waitFor } from '../../../tests/harness/wait-for.ts'
import { OperationCounts } from './operation-counts.ts'

/** What AWS's mount helper sets for a mount of S3 Files: 15 requests of 1 MiB. */
const readAheadKilobytes = 15 * 1024
const threads = 64

export interface DelayfsOptions {
  readonly programPath: string
  readonly rootDir: string
  /** Made where it is missing. */
  readonly mountDir: string
  readonly countsPath: string
  readonly delayMs: number
}

export interface DelayfsMount {
  readonly counts: OperationCounts
  /** Unmounts, and resolves when the process is gone. Harmless when the mount is gone already. */
  unmount(): Promise<void>
}

/** Mounts `rootDir` once more at `mountDir`, as far away as `delayMs`. @throws with what the program said; nothing is left then. */
export async function mountDelayfs(options: DelayfsOptions): Promise<DelayfsMount> {
  const { programPath, rootDir, mountDir, countsPath, delayMs } = options
  await mkdir(mountDir, { recursive: true })
  // Only root may let other users in, and only root's servers change to one.
  const access = process.getuid?.() === 0 ? ['allow_other'] : []
  const child = spawn(
    programPath,
    [
      ...[`--root=${rootDir}`, `--counts=${countsPath}`, `--delay-us=${delayMs * 1_000}`, mountDir, '-f'],
      ...[
        '-o',
        [...access, `max_threads=${threads}`, `max_idle_threads=${threads}`, 'fsname=delayfs'].join(),
      ],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  child.on('error', (error) => (said += error.message))
  try {
    await waitFor(
      () => {
        if (hasEnded(child)) throw new Error(`delayfs ended: ${said.trim()}`)
        return isMounted(mountDir)
      },
      { what: 'delayfs to be mounted' },
    )
    await setReadAhead(mountDir)
    return {
      counts: await OperationCounts.open(programPath, countsPath),
      unmount: () => unmount(child, mountDir),
    }
  } catch (error) {
    await unmount(child, mountDir)
    throw error
  }
}

async function unmount(child: ChildProcess, mountDir: string): Promise<void> {
  if (isMounted(mountDir)) {
    const gentle = promisify(execFile)('fusermount3', ['-u', mountDir])
    // Whoever still has a file open there is ours and on its way out.
    await gentle.catch(() => promisify(execFile)('fusermount3', ['-u', '-z', mountDir]))
  }
  if (child.pid === undefined || hasEnded(child)) return
  const limit = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await once(child, 'exit')
  clearTimeout(limit)
}

// `pid` is missing when the program could not be started at all.
function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null
}

/** Asks the mount table: touching the folder itself would wait for the file system. */
function isMounted(mountDir: string): boolean {
  const mountPoints = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1])
  return mountPoints.includes(mountDir.replaceAll(' ', String.raw`\040`))
}

/** Without the right to set it the kernel's 128 KiB stay. */
async function setReadAhead(mountDir: string): Promise<void> {
  const { dev } = await stat(mountDir)
  // Linux's split of a device number, as far as file systems without a device use it.
  const device = `${(dev >> 8) & 0xfff}:${(dev & 0xff) | ((dev >> 12) & 0xfff00)}`
  try {
    writeFileSync(`/sys/class/bdi/${device}/read_ahead_kb`, String(readAheadKilobytes))
  } catch (error) {
    if (process.getuid?.() === 0) throw error
  }
}
