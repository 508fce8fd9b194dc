import { readdirSync, readFileSync } from 'node:fs'

/**
 * What a server costs, summed over its main process and all its descendants, from /proc (Linux only). Pages that several
 * processes share (Apache's and nginx's workers) are counted once for each of them.
 */
export interface TreeUsage {
  readonly residentBytes: number
  /** The highest `residentBytes` each process ever had, summed. */
  readonly peakResidentBytes: number
  /** User and system time since the start, of processes that live and of children that were waited for. */
  readonly cpuSeconds: number
}

/** Linux reports CPU time to user space in 1/100 s on every architecture Node runs on. */
const ticksPerSecond = 100

/** @throws when the process is gone. */
export function readTreeUsage(rootPid: number): TreeUsage {
  let residentBytes = 0
  let peakResidentBytes = 0
  let cpuSeconds = 0
  for (const pid of treeOf(rootPid)) {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    residentBytes += kilobytesOf(status, 'VmRSS') * 1024
    peakResidentBytes += kilobytesOf(status, 'VmHWM') * 1024
    cpuSeconds += cpuTicksOf(readFileSync(`/proc/${pid}/stat`, 'utf8')) / ticksPerSecond
  }
  return { residentBytes, peakResidentBytes, cpuSeconds }
}

/** `rootPid` and its descendants, parents first; only `rootPid` when it has none. */
export function treeOf(rootPid: number): readonly number[] {
  const childrenOf = Map.groupBy(readParents(), ({ parentPid }) => parentPid)
  const pids = [rootPid]
  // Grows while it is walked.
  for (const pid of pids) pids.push(...(childrenOf.get(pid) ?? []).map((child) => child.pid))
  return pids
}

/** User and system ticks of one `/proc/<pid>/stat` line, with those of children that were waited for. */
export function cpuTicksOf(stat: string): number {
  return fieldsAfterName(stat)
    .slice(11, 15)
    .reduce((sum, ticks) => sum + Number(ticks), 0)
}

function readParents(): readonly { readonly pid: number; readonly parentPid: number }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
        return [{ pid: Number(name), parentPid: Number(fieldsAfterName(stat)[1]) }]
      } catch {
        // Ended between the listing and the look at it.
        return []
      }
    })
}

/** The fields from the third on: a program's name stands before them in parentheses and may hold anything. */
function fieldsAfterName(stat: string): readonly string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

function kilobytesOf(status: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0)
}
