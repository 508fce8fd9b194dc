import { readFile } from 'node:fs/promises'

/** One line of /proc/self/mountinfo. */
export interface MountEntry {
  /** `major:minor`, the name of its device below /sys/class/bdi. */
  readonly device: string
  readonly dir: string
  readonly type: string
  readonly source: string
  /** As the kernel has them, the file system's own included. */
  readonly options: string
}

/** Reads the kernel's table: never the mount itself, which may not answer. */
export async function readMounts(): Promise<readonly MountEntry[]> {
  return parseMounts(await readFile('/proc/self/mountinfo', 'utf8'))
}

/** The NFS mount on `dir`, the topmost if several lie on each other. */
export function nfsMountOn(mounts: readonly MountEntry[], dir: string): MountEntry | undefined {
  const top = mounts.findLast((mount) => mount.dir === dir)
  return top?.type === 'nfs4' ? top : undefined
}

/** `36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue`, with any number of fields before the dash. */
export function parseMounts(text: string): readonly MountEntry[] {
  return text.split('\n').flatMap((line) => {
    const [left = '', right = ''] = line.split(' - ')
    const [, , device, , dir, options] = left.split(' ')
    const [type, source, superOptions] = right.split(' ')
    if (device === undefined || dir === undefined || options === undefined) return []
    if (type === undefined || source === undefined || superOptions === undefined) return []
    return [
      { device, dir: unescape(dir), type, source: unescape(source), options: `${options},${superOptions}` },
    ]
  })
}

/** The kernel writes blanks and backslashes as `\040` and the like. */
function unescape(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  )
}
