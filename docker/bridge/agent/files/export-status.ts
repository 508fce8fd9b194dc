import { execFile } from 'node:child_process'

import type { ExportStatus } from '../../api/files.ts'
import { BridgeError } from '../../lib/bridge-error.ts'
import { parseExportStatus } from './parse-export-status.ts'
import type { TreePath } from './path.ts'
import type { Task } from './task.ts'
import type { Tree } from './tree.ts'

const limitMs = 10_000
const maxValueBytes = 64 * 1024

/**
 * What S3 Files tells of a file in `user.s3files.status;<anything>`. Anything is the time here, so that no cache knows the answer. Node
 * cannot read extended attributes; `program` (getfattr) can.
 *
 * @throws BridgeError `not-found` where there is no such attribute, file or program, `stalled` after ten seconds.
 */
export async function exportStatusOf(
  tree: Tree,
  path: TreePath,
  task: Task,
  program: string,
): Promise<ExportStatus> {
  const { location } = await tree.containment.findTarget(path, task)
  const name = `user.s3files.status;${Math.floor(Date.now() / 1000)}`
  const args = ['--only-values', '--absolute-names', '--no-dereference', '-n', name, '--', location]
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(), limitMs)
  const giveUp = AbortSignal.any([limit.signal, task.signal])
  try {
    const output = task.run(() => outputOf(program, args, path, giveUp))
    return parseExportStatus(await orGivenUp(output, giveUp))
  } catch (error) {
    throw limit.signal.aborted ? new BridgeError('stalled', { path }) : error
  } finally {
    clearTimeout(timer)
  }
}

/** Resolves with the program's end and not before: stuck in the kernel, it keeps its lane, so that there are never more than a few. */
function outputOf(
  program: string,
  args: readonly string[],
  path: TreePath,
  giveUp: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const kill = (): void => void child.kill('SIGKILL')
    const child = execFile(program, args, { maxBuffer: maxValueBytes }, (error, stdout) => {
      giveUp.removeEventListener('abort', kill)
      if (error === null) resolve(stdout)
      else reject(new BridgeError('not-found', { path }, { cause: error }))
    })
    giveUp.addEventListener('abort', kill, { once: true })
  })
}

function orGivenUp<T>(promise: Promise<T>, giveUp: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new BridgeError('cancelled'))
    giveUp.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => giveUp.removeEventListener('abort', onAbort))
  })
}
