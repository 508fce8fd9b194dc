import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const builtDir = fileURLToPath(new URL('../../out', import.meta.url))
const gatedFrontUrl = new URL('../fixtures/gated-front.ts', import.meta.url).href

/** The built command with fronts whose backend a test can hold up. */
export interface GatedCommand {
  readonly cliPath: string
  /** What is saved from now on, or is being delivered, stays on this machine. */
  close(): Promise<void>
  open(): Promise<void>
  /** What is delivered from now on is not permitted. */
  refuse(): Promise<void>
  permit(): Promise<void>
}

/** Puts a copy of the built command into `dir`, with another front beside it. */
export async function makeGatedCommand(dir: string): Promise<GatedCommand> {
  const programDir = join(dir, 'program')
  await mkdir(programDir)
  await cp(builtDir, programDir, { recursive: true })
  await writeFile(join(programDir, 'package.json'), '{"type":"module"}')
  await writeFile(join(programDir, 'front.js'), `await import(${JSON.stringify(gatedFrontUrl)})\n`)
  const set = (name: string) => () => writeFile(join(programDir, name), '')
  const clear = (name: string) => () => rm(join(programDir, name), { force: true })
  return {
    cliPath: join(programDir, 'cli.js'),
    close: set('closed'),
    open: clear('closed'),
    refuse: set('refused'),
    permit: clear('refused'),
  }
}
