import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { builtOnce } from '../build-cache.ts'
import { runBuildScript } from '../debian/run-build-script.ts'

/** How the program is started: by its own Debian's loader, with its own Debian's libraries. */
export interface GaneshaProgram {
  readonly loaderPath: string
  /** Go before the program's own arguments. */
  readonly loaderArgs: readonly string[]
  readonly pluginsDir: string
}

const scripts = ['tree.sh', '../debian/debian-tree.sh'].map((name) => join(import.meta.dirname, name))

/** Unpacked from Debian's packages when it is not in the cache: 15 s, 60 MB. Root on Debian only: declare `needs(...vmNeeds)`. */
export async function buildGanesha(signal?: AbortSignal): Promise<GaneshaProgram> {
  const hash = createHash('sha256')
  for (const path of scripts) hash.update(await readFile(path))
  const key = hash.digest('hex').slice(0, 16)
  const dir = await builtOnce({ name: 'ganesha', key, signal }, async (partDir) => {
    await mkdir(join(partDir, 'tree'))
    await runBuildScript(scripts[0]!, [join(partDir, 'tree')], {
      logPath: join(partDir, 'tree.sh.log'),
      signal: signal ?? new AbortController().signal,
    })
  })
  const usrDir = join(dir, 'tree/usr')
  const libDir = join(usrDir, 'lib/x86_64-linux-gnu')
  return {
    loaderPath: join(libDir, 'ld-linux-x86-64.so.2'),
    loaderArgs: [
      '--library-path',
      `${libDir}:${join(usrDir, 'lib/ganesha')}`,
      join(usrDir, 'bin/ganesha.nfsd'),
    ],
    pluginsDir: join(libDir, 'ganesha'),
  }
}
