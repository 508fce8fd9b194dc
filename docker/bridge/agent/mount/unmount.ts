import type { Clock } from '../../lib/clock.ts'
import { nfsMountOn, type MountEntry } from './mount-table.ts'
import { runTool } from './run-tool.ts'

/** `clean`: everything was written. `forced`: requests that waited were given up. `detached`: only the name is gone. */
export type UnmountOutcome = 'not-mounted' | 'clean' | 'forced' | 'detached' | 'left-behind'

export interface UnmountOptions {
  readonly clock: Clock
  readonly readMounts: () => Promise<readonly MountEntry[]>
}

/** In this order. `-i` and `-c`: no helper and no look at the folder, either of which may wait for the server. */
const steps = [
  { outcome: 'clean', args: ['-i', '-c'], limitMs: 15_000 },
  { outcome: 'forced', args: ['-i', '-c', '-f'], limitMs: 5_000 },
  { outcome: 'detached', args: ['-i', '-c', '-l'], limitMs: 5_000 },
] as const

/** Takes the mount down, gently at first. Whoever has files open in it must have ended before. */
export async function unmount(dir: string, { clock, readMounts }: UnmountOptions): Promise<UnmountOutcome> {
  const isMounted = async (): Promise<boolean> => nfsMountOn(await readMounts(), dir) !== undefined
  if (!(await isMounted())) return 'not-mounted'
  for (const { outcome, args, limitMs } of steps) {
    await runTool('umount', [...args, dir], { clock, limitMs })
    if (!(await isMounted())) return outcome
  }
  return 'left-behind'
}
