import type { Posix } from '../posix.ts'
import { exists, join } from './probes.ts'

/** vi, VS Code: LOCK, GET, PUT, UNLOCK on the file itself, with fsync as editors do. */
export async function saveInPlace(posix: Posix, path: string, bytes: Uint8Array): Promise<void> {
  await posix.stat(path)
  const handle = await posix.open(path, { write: true })
  try {
    await handle.ftruncate(0)
    await handle.write(bytes, 0)
    await handle.fsync()
  } finally {
    await handle.close()
  }
  await posix.stat(path)
}

/**
 * TextEdit, Pages, Office: the new version is written in `.TemporaryItems`, the old one steps aside, the new one takes its name and the
 * old one goes. There is no exchangedata here, so it takes two MOVEs.
 */
export async function atomicSave(posix: Posix, path: string, bytes: Uint8Array): Promise<void> {
  const cut = path.lastIndexOf('/')
  const name = path.slice(cut + 1)
  const saveDir = '/.TemporaryItems/folders.501/TemporaryItems/(A Document Being Saved By TextEdit)'
  await makeDirectories(posix, saveDir)
  const newPath = join(saveDir, name)
  const backupPath = join(saveDir, `${name}.sb-backup`)
  await posix.writeFile(newPath, bytes, { fsync: true })
  const hadOld = await exists(posix, path)
  if (hadOld) await posix.rename(path, backupPath)
  await posix.rename(newPath, path)
  if (hadOld) await posix.unlink(backupPath)
  await posix.rmdir(saveDir)
  await posix.stat(path)
}

async function makeDirectories(posix: Posix, path: string): Promise<void> {
  const names = path.split('/').filter((name) => name !== '')
  for (let depth = 1; depth <= names.length; depth++) {
    const directory = `/${names.slice(0, depth).join('/')}`
    if (!(await exists(posix, directory))) await posix.mkdir(directory)
  }
}
