import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

import { AppError } from '../../shared/errors.ts'

const idPattern = /^[0-9a-f]{16}$/

/**
 * What tells this installation's containers, and its NFS clients, from everybody else's. Made at the first call of whichever process, and
 * the same for all from then on.
 * @throws AppError `state-dir-unusable`.
 */
export async function readInstallationId(filePath: string): Promise<string> {
  try {
    return (await idIn(filePath)) ?? (await makeId(filePath))
  } catch (cause) {
    throw new AppError('state-dir-unusable', { path: dirname(filePath) }, { cause })
  }
}

async function makeId(filePath: string): Promise<string> {
  await mkdir(dirname(filePath), { recursive: true, mode: 0o700 })
  const ownPath = `${filePath}.${randomBytes(4).toString('hex')}`
  const id = randomBytes(8).toString('hex')
  await writeFile(ownPath, `${id}\n`, { mode: 0o600 })
  try {
    // Only the first of several processes gets its own id in place.
    await link(ownPath, filePath)
    return id
  } catch (error) {
    const theirs = await idIn(filePath)
    if (theirs === undefined) throw error
    return theirs
  } finally {
    await rm(ownPath, { force: true })
  }
}

async function idIn(filePath: string): Promise<string | undefined> {
  const text = await readFile(filePath, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  })
  return idPattern.test(text.trim()) ? text.trim() : undefined
}
