import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { programOf } from './needs.ts'
import { runProgram } from './run-program.ts'
import { makeTempDir } from './temp-dir.ts'

export interface Davfs2Mount extends AsyncDisposable {
  readonly mountDir: string
  /** Writes out what davfs2 holds and unmounts; resolves when every byte has reached the server or was refused. */
  unmount(): Promise<void>
}

/**
 * Mounts `url` with Debian's davfs2 as root. The cache is the mount's own and empty, so that what is read came from the
 * server. `moreSettings` are lines of davfs2.conf. Disposing unmounts in any case, at worst lazily.
 */
export async function mountDavfs2(url: string, moreSettings: readonly string[] = []): Promise<Davfs2Mount> {
  const temp = await makeTempDir('davfs2')
  const mountDir = join(temp.dir, 'volume')
  const cacheDir = join(temp.dir, 'cache')
  const confPath = join(temp.dir, 'davfs2.conf')
  await Promise.all([mkdir(mountDir), mkdir(cacheDir)])
  // Once mounted, mount.davfs goes on as the user davfs2, who must get at its cache.
  await Promise.all([chmod(temp.dir, 0o755), chmod(cacheDir, 0o777)])
  // davfs2 reads its credentials from a second file and asks at the terminal for none with ask_auth 0.
  const settings = [
    'ask_auth 0',
    'use_locks 1',
    'delay_upload 0',
    'buf_size 1024',
    `cache_dir ${cacheDir}`,
    ...moreSettings,
  ]
  await writeFile(confPath, `${settings.join('\n')}\n`, { mode: 0o600 })

  const leave = async (args: readonly string[]) => {
    if (await isMounted(mountDir)) await runProgram('umount', [...args, mountDir])
  }
  const dispose = async () => {
    try {
      await leave([]).catch(() => leave(['--lazy']))
    } finally {
      await temp[Symbol.asyncDispose]()
    }
  }
  try {
    await runProgram(programOf('davfs2'), [url, mountDir, '-o', `conf=${confPath},uid=0,gid=0`], {
      limitMs: 30_000,
    })
  } catch (error) {
    await dispose()
    throw error
  }
  return { mountDir, unmount: () => leave([]), [Symbol.asyncDispose]: dispose }
}

/** Read from the kernel's table: asking the path itself would hang on a volume whose server is gone. */
async function isMounted(dir: string): Promise<boolean> {
  const table = await readFile('/proc/self/mounts', 'utf8')
  return table.split('\n').some((line) => line.split(' ')[1] === dir)
}
