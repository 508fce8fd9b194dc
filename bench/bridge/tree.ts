import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { listedFiles, smallBytes, type Task } from './way.ts'

export interface TaskShape {
  /** Of files that are looked at, read and written. */
  readonly files: number
  readonly lists: number
  readonly bigBytes: number
  readonly bigFiles: number
}

/** What a way does before it is measured: its programs are loaded and its connections open then. */
export const warmUp: TaskShape = { files: 5, lists: 0, bigBytes: 0, bigFiles: 0 }

/** Makes, on the server's own disk, what a task looks at. `folder` must be new: whoever has seen it might know the answers. */
export async function makeTask(exportDir: string, folder: string, shape: TaskShape): Promise<Task> {
  const { files, lists, bigBytes, bigFiles } = shape
  const small = Buffer.alloc(smallBytes, 'x')
  const named = (kind: string, count: number): string[] =>
    Array.from({ length: count }, (_, number) => `${folder}/${kind}/${kind}-${number}`)
  const task: Task = {
    stats: named('stat', files),
    lists: named('list', lists),
    reads: named('read', files),
    writes: named('write', files),
    bigReads: named('big-read', bigFiles),
    bigWrites: named('big-write', bigFiles),
    bigBytes,
  }
  for (const kind of ['stat', 'list', 'read', 'write', 'big-read', 'big-write']) {
    await mkdir(join(exportDir, folder, kind), { recursive: true, mode: 0o777 })
  }
  for (const path of [...task.stats, ...task.reads]) await writeFile(join(exportDir, path), small)
  for (const dir of task.lists) {
    await mkdir(join(exportDir, dir))
    for (let number = 0; number < listedFiles; number += 1) {
      await writeFile(join(exportDir, dir, `listed-${String(number).padStart(4, '0')}`), small)
    }
  }
  const big = Buffer.alloc(bigBytes, 'z')
  for (const path of task.bigReads) await writeFile(join(exportDir, path), big)
  return task
}
