import { access, constants, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { writeFileAtomic } from '../../lib/atomic-file.ts'
import type { Clock } from '../../lib/clock.ts'
import type { RunProcess, RunResult } from '../../lib/run-process.ts'
import { AppError } from '../../shared/errors.ts'
import { davfsConfig } from './davfs-config.ts'
import { endDavfsDaemon, findDavfsDaemon } from './davfs-daemon.ts'
import { davfsFailure } from './davfs-failure.ts'
import { parseLinuxMountTable } from './linux-mount-table.ts'
import { reasonOf, runCommand, runMounter } from './process-failure.ts'
import type { DetachResult, MountedVolume, MountRequest, UnmountOptions, VolumeDriver } from './volumes.ts'

export interface DavfsDriverDeps {
  readonly run: RunProcess
  readonly clock: Clock
  /** Holds the configuration file handed to davfs2. */
  readonly stateDir: string
  /** Who the files on the volume belong to. */
  readonly owner: { readonly uid: number; readonly gid: number }
}

const mountTimeoutMs = 60_000
/** davfs2's helper waits until all that was written has been uploaded, which for a large file takes its time. */
const unmountTimeoutMs = 600_000
const forceTimeoutMs = 10_000
const revealTimeoutMs = 10_000

const mounter = '/sbin/mount.davfs'

/** WebDAV volumes on Linux by davfs2, without prompts; root only, as mount(2) is. */
export function createDavfsDriver({ run, clock, stateDir, owner }: DavfsDriverDeps): VolumeDriver {
  const attach = async ({ url, mountPoint, readOnly, signal }: MountRequest): Promise<void> => {
    const options = await mountOptions(stateDir, owner, readOnly)
    const limits = { timeoutMs: mountTimeoutMs, ...(signal === undefined ? {} : { signal }) }
    const result = await runMounter(run, mounter, ['-o', options, url, mountPoint], { mountPoint, ...limits })
    const failure = davfsFailure(result, mountPoint)
    if (failure !== undefined) throw failure
  }

  const detach = async ({ mountPoint }: MountedVolume, { signal }: UnmountOptions): Promise<DetachResult> => {
    const limits = { timeoutMs: unmountTimeoutMs, ...(signal === undefined ? {} : { signal }) }
    return detachResult(await runCommand(run, '/bin/umount', [mountPoint], limits))
  }

  /** The path is free at once (`-l`), nothing is waited for (`-i` skips davfs2's helper), and the daemon does not outlive it. */
  const detachByForce = async (volume: MountedVolume): Promise<DetachResult> => {
    const daemon = await findDavfsDaemon(volume)
    const limits = { timeoutMs: forceTimeoutMs }
    const result = await runCommand(run, '/bin/umount', ['-i', '-l', volume.mountPoint], limits)
    if (daemon !== undefined) await endDavfsDaemon(daemon, clock)
    return detachResult(result)
  }

  return {
    kind: 'davfs2',
    // It mounts in the process that was ended, or has mounted already.
    lateMountMs: 0,
    available: () => obstacleToDavfs(owner.uid),
    list: async () => parseLinuxMountTable(await readFile('/proc/self/mounts', 'utf8')),
    owns: ({ type, url }) => type === 'fuse' && /^https?:/.test(url),
    attach,
    detach: (volume, options) => (options.force ? detachByForce(volume) : detach(volume, options)),
    reveal: async (mountPoint) => {
      const result = await runCommand(run, 'xdg-open', [mountPoint], { timeoutMs: revealTimeoutMs })
      if (result.exitCode !== 0) {
        throw new AppError('command-failed', {
          command: 'xdg-open',
          exitCode: result.exitCode,
          reason: reasonOf(result),
        })
      }
    },
  }
}

async function obstacleToDavfs(uid: number): Promise<AppError | undefined> {
  if (!(await isUsable(mounter, constants.X_OK))) {
    return new AppError('mounter-missing', { program: 'mount.davfs', package: 'davfs2' })
  }
  if (uid !== 0) return new AppError('permission-denied', { needed: 'root, to mount with davfs2' })
  if (!(await isUsable('/dev/fuse', constants.R_OK | constants.W_OK))) {
    return new AppError('mounter-missing', { program: '/dev/fuse' })
  }
  return undefined
}

/** davfs2 opens the volume to every user of the machine; the modes keep it to its owner. */
async function mountOptions(
  stateDir: string,
  { uid, gid }: DavfsDriverDeps['owner'],
  readOnly: boolean,
): Promise<string> {
  const configDir = join(stateDir, 'davfs2')
  const configPath = join(configDir, 'davfs2.conf')
  try {
    await mkdir(configDir, { recursive: true, mode: 0o700 })
    await writeFileAtomic(configPath, davfsConfig)
  } catch (cause) {
    throw new AppError('state-dir-unusable', { path: configDir }, { cause })
  }
  const access = readOnly ? 'ro' : 'rw'
  return `conf=${configPath},uid=${uid},gid=${gid},dir_mode=700,file_mode=600,nosuid,nodev,${access}`
}

function detachResult(result: RunResult): DetachResult {
  return { busy: /busy/i.test(result.stderr), reason: reasonOf(result) }
}

async function isUsable(path: string, mode: number): Promise<boolean> {
  return await access(path, mode).then(
    () => true,
    () => false,
  )
}
