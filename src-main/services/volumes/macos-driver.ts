import { access, constants } from 'node:fs/promises'
import { extname } from 'node:path'

import type { RunProcess, RunResult } from '../../lib/run-process.ts'
import { AppError } from '../../shared/errors.ts'
import { parseMacMountTable } from './macos-mount-table.ts'
import { mountWebdavFailure } from './mount-webdav-exit.ts'
import { reasonOf, runCommand, runMounter } from './process-failure.ts'
import type { DetachResult, VolumeDriver } from './volumes.ts'

/** macOS 15.4 and later may wait 90 s inside mount(2) before it goes on. */
const mountTimeoutMs = 100_000
/** mount(2) is called by the client's agent, which `mount_webdav` starts and which outlives it. */
const lateMountMs = 3_000
const unmountTimeoutMs = 60_000
const commandTimeoutMs = 10_000

const mountWebdav = '/sbin/mount_webdav'

/**
 * WebDAV volumes by macOS's own client. `mount_webdav` runs as the user who owns the mount point and shows no dialog. Its option `-S`
 * is left out on purpose: with it the first lost connection ends the volume, unsaved data included; without it the client
 * comes back by itself as soon as the front does.
 */
export function createMacosDriver(run: RunProcess): VolumeDriver {
  const command = (program: string, args: readonly string[], timeoutMs = commandTimeoutMs) =>
    runCommand(run, program, args, { timeoutMs })

  return {
    kind: 'webdavfs',
    lateMountMs,
    available: async () => {
      const found = await access(mountWebdav, constants.X_OK).then(
        () => true,
        () => false,
      )
      return found ? undefined : new AppError('mounter-missing', { program: mountWebdav })
    },
    list: async () => {
      const result = await command('/sbin/mount', [])
      if (result.exitCode !== 0) throw failed('/sbin/mount', result)
      return parseMacMountTable(result.stdout)
    },
    owns: ({ type }) => type === 'webdav',
    attach: async ({ url, mountPoint, name, readOnly, signal }) => {
      const args = [...(readOnly ? ['-o', 'rdonly'] : []), '-v', name, url, mountPoint]
      const limits = { timeoutMs: mountTimeoutMs, ...(signal === undefined ? {} : { signal }) }
      const result = await runMounter(run, mountWebdav, args, { mountPoint, ...limits })
      const failure = mountWebdavFailure(result.exitCode, { mountPoint, reason: reasonOf(result) })
      if (failure !== undefined) throw failure
    },
    detach: async ({ mountPoint }, { force, signal }) => {
      const options = { timeoutMs: unmountTimeoutMs, ...(signal === undefined ? {} : { signal }) }
      let result: RunResult = { exitCode: 1, stdout: '', stderr: '' }
      for (const [program, ...args] of unmountCommands(mountPoint, force)) {
        result = await runCommand(run, program, args, options)
        if (result.exitCode === 0) break
      }
      return detachResult(result)
    },
    reveal: async (mountPoint) => {
      // A folder whose name ends in `.app` would be started, and what is in this one others may have put there.
      const isPlain = extname(mountPoint) === ''
      const result = await command('/usr/bin/open', isPlain ? [mountPoint] : ['-R', mountPoint])
      if (result.exitCode !== 0) throw failed('/usr/bin/open', result)
    },
  }
}

/** Gentle first. `diskutil` also asks the programs that watch volumes, Finder among them, to let go. */
function unmountCommands(mountPoint: string, force: boolean): readonly (readonly [string, ...string[]])[] {
  return force
    ? [['/usr/sbin/diskutil', 'unmount', 'force', mountPoint]]
    : [
        ['/sbin/umount', mountPoint],
        ['/usr/sbin/diskutil', 'unmount', mountPoint],
      ]
}

function detachResult(result: RunResult): DetachResult {
  return { busy: /busy|in use|dissent/i.test(result.stderr + result.stdout), reason: reasonOf(result) }
}

function failed(command: string, result: RunResult): AppError {
  return new AppError('command-failed', { command, exitCode: result.exitCode, reason: reasonOf(result) })
}
