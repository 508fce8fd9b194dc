import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Instance {
  readonly argv: readonly string[]
  readonly cwd: string
  readonly additionalData: unknown
}

/**
 * One per folder and time. Whoever comes second leaves a note for the first, and gets `undefined`: it may end in the next moment, so the note is
 * a file. A holder that died without letting go holds nothing.
 */
export function acquireInstanceLock(
  userDataDir: string,
  us: Instance,
  onSecond: (other: Instance) => void,
): Disposable | undefined {
  const lockPath = join(userDataDir, 'SingletonLock')
  const notesDir = join(userDataDir, 'SingletonNotes')
  mkdirSync(notesDir, { recursive: true })
  if (!take(lockPath)) {
    const notePath = join(notesDir, `${process.pid}.note`)
    writeFileSync(`${notePath}.part`, JSON.stringify(us))
    renameSync(`${notePath}.part`, notePath)
    return undefined
  }
  const readNotes = (): void => {
    for (const name of readdirSync(notesDir).filter((each) => each.endsWith('.note'))) {
      const notePath = join(notesDir, name)
      const note = JSON.parse(readFileSync(notePath, 'utf8')) as Instance
      rmSync(notePath)
      onSecond(note)
    }
  }
  const watcher = watch(notesDir, readNotes)
  return {
    [Symbol.dispose]: () => {
      watcher.close()
      rmSync(lockPath, { force: true })
    },
  }
}

function take(lockPath: string): boolean {
  try {
    writeFileSync(lockPath, String(process.pid), { flag: 'wx' })
    return true
  } catch {
    const holder = holderOf(lockPath)
    if (holder !== undefined && isAlive(holder)) return false
    writeFileSync(lockPath, String(process.pid))
    return true
  }
}

/** Nobody where the lock was let go in this moment. */
function holderOf(lockPath: string): number | undefined {
  try {
    return Number(readFileSync(lockPath, 'utf8'))
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
