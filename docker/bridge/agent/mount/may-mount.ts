import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import type { Clock } from '../../lib/clock.ts'
import { runTool } from './run-tool.ts'

const limitMs = 5_000

/**
 * Whether this container may mount at all, tried with a tmpfs below `runDir`. mount.nfs4 cannot tell: what AppArmor refuses looks to
 * it like a server that refuses.
 */
export async function mayMount(runDir: string, clock: Clock): Promise<boolean> {
  const dir = join(runDir, 'may-mount')
  await mkdir(dir, { recursive: true })
  // `-i`: the call itself, no helper and no table of its own.
  const mounted = await runTool('mount', ['-i', '-t', 'tmpfs', '-o', 'size=4k', 'none', dir], {
    clock,
    limitMs,
  })
  if (mounted.exitCode !== 0) return false
  await runTool('umount', ['-i', dir], { clock, limitMs })
  return true
}
