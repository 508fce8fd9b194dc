import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { programOf } from '../needs.ts'
import { runProgram } from '../run-program.ts'

/**
 * Names what `buildVm` would build: a hash of this folder, the Node that goes into the base image and the QEMU that reads the stored
 * state. New versions in Debian alone do not change it.
 */
export async function vmCacheKey(): Promise<string> {
  const hash = createHash('sha256')
  const { stdout: qemuVersion } = await runProgram(programOf('qemu-system-x86'), ['--version'])
  hash.update(`${process.version} ${process.arch} ${qemuVersion}`)
  for (const path of await inputPaths())
    hash.update(`${path}\0`).update(await readFile(join(import.meta.dirname, path)))
  return hash.digest('hex').slice(0, 16)
}

/** The scripts that build the VM, what goes into it, and the machine its state belongs to; not what only drives it. */
async function inputPaths(): Promise<readonly string[]> {
  const dirs = ['build', 'guest', 'image']
  const names = await Promise.all(dirs.map((dir) => readdir(join(import.meta.dirname, dir))))
  const paths = dirs.flatMap((dir, at) => names[at]!.map((name) => join(dir, name)))
  return [...paths, 'qemu-args.ts', 'save-state.ts', '../debian/debian-tree.sh'].sort()
}
