import type { Dir } from 'node:fs'
import { isUtf8 } from 'node:buffer'

import { errnoOf } from './errno.ts'
import { opendir } from './fs-calls.ts'
import type { Task } from './task.ts'

/** How often a directory is begun anew in which files vanish while it is read. */
const maxOpenings = 20

/**
 * The names in `dir`, at most `batchNames` at a time, each once, those that are not UTF-8 left out.
 *
 * Bit by bit, so that the caller can look at files between two bits: the kernel's NFS client goes on asking for attributes together with
 * the names (READDIRPLUS) only as long as it sees that somebody uses them. Names without attributes would cost a round trip each.
 */
export async function* directoryNames(
  dir: string,
  batchNames: number,
  task: Task,
): AsyncGenerator<readonly string[], void> {
  const given = new Set<string>()
  for (let openings = 1; ; openings++) {
    const opened = await task.run(() => opendir(dir, batchNames))
    try {
      for (;;) {
        const names = await task.run(() => nextNames(opened, batchNames))
        if (names.length === 0) return
        const fresh = names.filter((name) => !given.has(name))
        for (const name of fresh) given.add(name)
        if (fresh.length > 0) yield fresh
      }
    } catch (error) {
      // Where the kernel does not know what kind of thing a name is, Node looks, and fails if that is gone by then.
      if (!['ENOENT', 'ESTALE'].includes(errnoOf(error) ?? '') || openings === maxOpenings) throw error
    } finally {
      await task.finish(() => opened.close())
    }
  }
}

/** Empty at the end. */
async function nextNames(opened: Dir, count: number): Promise<readonly string[]> {
  const names: string[] = []
  while (names.length < count) {
    const entry = await opened.read()
    if (entry === null) break
    const bytes = entry.name as unknown as Buffer
    if (isUtf8(bytes)) names.push(bytes.toString())
  }
  return names
}
