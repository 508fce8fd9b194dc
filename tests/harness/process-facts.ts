import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { promisify } from 'node:util'

const mebi = 1024 * 1024

/** Resident memory of a process in MiB, as `ps` tells it on Linux and macOS. */
export async function residentMib(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)])
  return (Number(stdout.trim()) * 1024) / mebi
}

/** How many files, sockets included, a process holds open; `undefined` where the system has no /proc. */
export async function openDescriptors(pid: number): Promise<number | undefined> {
  return process.platform === 'linux' ? (await readdir(`/proc/${pid}/fd`)).length : undefined
}
