import { randomBytes } from 'node:crypto'

import type { SandboxDrive } from '../../services/drives/drive.ts'
import type { KeptDrive } from '../../services/drives/keep-drive.ts'
import { toAppError } from '../../shared/errors.ts'
import { messageFor } from '../../shared/messages.ts'
import type { CommandContext } from '../command-context.ts'
import { mountedTree } from './mounted-tree.ts'
import { runChecks, timed } from './run-checks.ts'
import type { CheckOutcome } from './run-checks.ts'
import { treeChecks } from './tree-checks.ts'
import { webdavTree } from './webdav-tree.ts'

/** What `demo --once` prints as its last line. */
export interface DemoReport {
  /** Whether the checks went through a mounted volume; through WebDAV otherwise. */
  readonly mounted: boolean
  readonly mountPoint: string | null
  readonly url: string | null
  readonly checks: readonly CheckOutcome[]
}

/** How long a file written to the volume may take to arrive in the folder. */
const arrivalLimitMs = 20_000

type DemoContext = Pick<CommandContext, 'services' | 'interrupts'>

/** Mounts (or serves) the drive, tries all that a volume must be able to do, and ends it again. Never rejects. */
export async function runDemoOnce(
  drive: SandboxDrive,
  withVolume: boolean,
  { services, interrupts }: DemoContext,
  onOutcome: (outcome: CheckOutcome) => void,
): Promise<DemoReport> {
  const { drives, clock, log } = services
  const checks: CheckOutcome[] = []
  const record = (outcome: CheckOutcome): void => {
    checks.push(outcome)
    onOutcome(outcome)
  }
  const step = async (name: string, run: () => Promise<string | undefined>): Promise<void> => {
    record(
      await timed(clock, name, async () => {
        return await run().catch((error: unknown) => {
          log.warn('demo', `${name} failed`, { error })
          throw new Error(messageFor(toAppError(error)).text, { cause: error })
        })
      }),
    )
  }

  let kept: KeptDrive | undefined
  await step(withVolume ? 'mount' : 'serve', async () => {
    const { signal } = interrupts
    kept = await drives.keep(drive, { signal, withVolume, onStep: () => undefined })
    return kept.mountPoint
  })
  if (kept === undefined) return { mounted: false, mountPoint: null, url: null, checks }

  const { mountPoint, url } = kept
  const tree = mountPoint === undefined ? webdavTree(url) : mountedTree(mountPoint)
  const workDir = `mountbar-check-${randomBytes(4).toString('hex')}`
  await runChecks(treeChecks({ tree, sourceDir: drive.sourceDir, workDir, clock, arrivalLimitMs }), {
    clock,
    signal: interrupts.signal,
    onOutcome: record,
  })
  await step(withVolume ? 'unmount' : 'stop', () => end(kept))
  return { mounted: mountPoint !== undefined, mountPoint: mountPoint ?? null, url, checks }
}

/** A volume that does not go by itself is removed by force, so that a failed demo leaves none; that counts as failed. */
async function end(kept: KeptDrive | undefined): Promise<undefined> {
  try {
    await kept?.unmount({ force: false })
  } catch (error) {
    await kept?.unmount({ force: true })
    throw error
  }
}
