import { readFile } from 'node:fs/promises'

import { efsProxy } from './efs-proxy/efs-proxy.ts'
import { stunnel } from './stunnel/stunnel.ts'
import type { TunnelProgram } from './tunnel-program.ts'

/** The tunnel that was baked into this image. An image that does not say so is one of ours that is broken. */
export async function chooseProgram(tunnelProgramPath: string): Promise<TunnelProgram> {
  const name = (await readFile(tunnelProgramPath, 'utf8')).trim()
  const program = [efsProxy, stunnel].find((candidate) => candidate.name === name)
  if (program === undefined) throw new Error(`${tunnelProgramPath}: no such tunnel: ${name}`)
  return program
}
