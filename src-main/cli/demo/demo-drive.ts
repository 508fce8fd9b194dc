import { mkdir } from 'node:fs/promises'

import type { SandboxDrive } from '../../services/drives/drive.ts'
import type { CommandContext } from '../command-context.ts'
import { sandboxDirOf } from '../../composition/sandbox/sandbox-dir.ts'
import { untilSettled } from '../keeper/until-settled.ts'
import { AppError } from '../../shared/errors.ts'
import { writeSandboxTree } from '../../composition/sandbox/sandbox-tree.ts'

export interface DemoPlace {
  /** The folder to show; the Sandbox's own when absent. */
  readonly dir?: string
  /** The mount point; the default place when absent. */
  readonly at?: string
}

/**
 * The drive of the demo, with its files in place: the same one at every call for the same folder.
 * @throws AppError `already-mounted` {name, mountPoint} when it is mounted by another process.
 */
export async function prepareDemoDrive(
  { dir, at }: DemoPlace,
  { services, interrupts }: Pick<CommandContext, 'services' | 'interrupts'>,
): Promise<SandboxDrive> {
  const { drives, dirs } = services
  const sandboxDir = dir ?? sandboxDirOf(dirs)
  await mkdir(dirs.stateDir, { recursive: true, mode: 0o700 })
  await mkdir(sandboxDir, { recursive: true })
  const choices = at === undefined ? {} : { mountPoint: at }
  const drive = await drives.registry.addFolder(sandboxDir, { name: 'Sandbox', ...choices })
  const observed = await untilSettled(drive, services, interrupts.signal)
  if (observed.hasVolume && observed.front !== 'none') {
    throw new AppError('already-mounted', { name: drive.name, mountPoint: observed.mountPoint })
  }
  await writeSandboxTree(drive.sourceDir, interrupts.signal)
  if (at === undefined) return drive
  await drives.registry.change(drive.id, choices)
  return await drives.registry.addFolder(sandboxDir, {})
}
