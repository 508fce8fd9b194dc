import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/**
 * Makes `text` the whole content of `filePath`, readable by its owner only. A reader, also after a power cut, finds the old content
 * or the new, never a part. Rejects with the system's error and leaves no temporary file.
 */
export async function writeFileAtomic(filePath: string, text: string): Promise<void> {
  const dir = dirname(filePath)
  const tempPath = join(dir, `.${randomUUID()}.tmp`)
  try {
    await writeSynced(tempPath, text)
    await rename(tempPath, filePath)
  } catch (error) {
    await rm(tempPath, { force: true })
    throw error
  }
  await syncDir(dir)
}

async function writeSynced(path: string, text: string): Promise<void> {
  await using file = await open(path, 'wx', 0o600)
  await file.writeFile(text)
  await file.sync()
}

/** A rename is durable only when the folder that holds the name is. */
async function syncDir(dir: string): Promise<void> {
  await using handle = await open(dir, 'r')
  await handle.sync()
}
