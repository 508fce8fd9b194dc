import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file system in memory, mounted on a folder that is there already; disposing unmounts it. */
export interface Tmpfs extends Disposable {
  /** What is in it stays as it is from now on. Nothing in it may be open for writing. */
  makeReadOnly(): void
}

/** Only root on Linux may do it: declare it with `needs('tmpfs')`. */
export function mountTmpfs(dir: string, size: `${number}m`): Tmpfs {
  mount(['-t', 'tmpfs', '-o', `size=${size},mode=0700`, 'tmpfs', dir])
  return {
    makeReadOnly: () => mount(['-o', 'remount,ro', dir]),
    [Symbol.dispose]: () => void execFileSync('umount', [dir], { stdio: 'ignore' }),
  }
}

/** Being root is not enough where a container has taken the right to mount away. */
export function canMountTmpfs(): boolean {
  const dir = mkdtempSync(join(tmpdir(), 'mountbar-tmpfs-'))
  try {
    mountTmpfs(dir, '1m')[Symbol.dispose]()
    return true
  } catch {
    return false
  } finally {
    rmdirSync(dir)
  }
}

function mount(args: readonly string[]): void {
  execFileSync('mount', args, { stdio: 'ignore' })
}
