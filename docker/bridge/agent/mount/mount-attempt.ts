import { readFile } from 'node:fs/promises'

import type { BridgeErrorBody } from '../../api/errors.ts'
import type { Clock } from '../../lib/clock.ts'
import { explainFailedMount } from './mount-errors.ts'
import { mountArgs, type MountPlan } from './mount-options.ts'
import { nfsMountOn, type MountEntry } from './mount-table.ts'
import { runTool } from './run-tool.ts'

export type MountOutcome =
  | { readonly kind: 'mounted'; readonly entry: MountEntry }
  | { readonly kind: 'failed'; readonly error: BridgeErrorBody }

export interface MountAttemptOptions {
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly readMounts: () => Promise<readonly MountEntry[]>
}

/** Longer than a tunnel may take to connect, so that the tunnel gets to say why it could not. */
const attemptLimitMs = 75_000

/** One attempt, believed only when the kernel's table has an NFS mount on the folder. */
export async function attemptMount(
  plan: MountPlan,
  { clock, signal, readMounts }: MountAttemptOptions,
): Promise<MountOutcome> {
  const found = nfsMountOn(await readMounts(), plan.dir)
  if (found !== undefined) return { kind: 'mounted', entry: found }
  const { exitCode, stderr } = await runTool('mount.nfs4', mountArgs(plan), {
    clock,
    signal,
    limitMs: attemptLimitMs,
  })
  const entry = nfsMountOn(await readMounts(), plan.dir)
  if (entry !== undefined) return { kind: 'mounted', entry }
  return {
    kind: 'failed',
    error: explainFailedMount({ stderr, exitCode, kernelHasNfs: await kernelHasNfs() }),
  }
}

async function kernelHasNfs(): Promise<boolean> {
  const text = await readFile('/proc/filesystems', 'utf8').catch(() => '')
  return /\bnfs4$/m.test(text)
}
