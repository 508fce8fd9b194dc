import { randomBytes } from 'node:crypto'
import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { basename, join } from 'node:path'

import type { Metadata, ObjectVersion } from './bucket.ts'
import { fingerprintOf, isUnchanged, posixAttributes, sameContent, type Fingerprint } from './fingerprint.ts'
import { isDirectoryKey, parentKeys, pathOfKey } from './keys.ts'

const maxLostNameLength = 100

/** The directory that the NFS server exports. Everything in it goes by the key it has, or would have, in the bucket. */
export class ExportDir implements AsyncDisposable {
  readonly #path: string
  readonly #stagingDir: string
  readonly #lostAndFoundName: string

  private constructor(path: string, stagingDir: string, fileSystemId: string) {
    this.#path = path
    this.#stagingDir = stagingDir
    this.#lostAndFoundName = `.s3files-lost+found-${fileSystemId}`
  }

  /** @param path must exist; a directory for half-written imports is made beside it, and removed at the end. */
  static async open(path: string, fileSystemId: string): Promise<ExportDir> {
    return new ExportDir(path, await mkdtemp(`${path}.importing-`), fileSystemId)
  }

  /** Files and directories; a directory before what is in it. */
  async scan(): Promise<Map<string, Fingerprint>> {
    const found = new Map<string, Fingerprint>()
    await this.#scanInto(found, '')
    return found
  }

  async look(key: string): Promise<Fingerprint | undefined> {
    const stats = await orUndefined(lstat(this.#at(key), { bigint: true }))
    return stats && fingerprintOf(stats)
  }

  /** The content, or `undefined` when the file is no longer as `expected`. */
  async read(key: string, expected: Fingerprint): Promise<Buffer | undefined> {
    const body = await orUndefined(readFile(this.#at(key)))
    const now = await this.look(key)
    return now && sameContent(now, expected) ? body : undefined
  }

  /**
   * Puts an object in its place, whole at once.
   * @returns what it looks like there, or `undefined` when the place is not as `expected` or cannot hold it.
   */
  async place(version: ObjectVersion, expected: Fingerprint | undefined): Promise<Fingerprint | undefined> {
    const { key, metadata } = version
    const path = this.#at(key)
    if ((await orUndefined(mkdir(this.#parentOf(key), { recursive: true }).then(() => true))) === undefined) {
      return undefined
    }
    if (!isAsExpected(expected, await this.look(key))) return undefined
    if (isDirectoryKey(key)) {
      await mkdir(path, { recursive: true })
      await applyPosix(path, metadata, 'directory')
    } else {
      const stagedPath = join(this.#stagingDir, 'object')
      await writeFile(stagedPath, version.body)
      await applyPosix(stagedPath, metadata, 'file')
      const modified = new Date(version.lastModifiedMs)
      await utimes(stagedPath, modified, modified)
      await rename(stagedPath, path)
    }
    return this.look(key)
  }

  /** Does nothing to a directory that was filled meanwhile. */
  async remove(key: string): Promise<void> {
    await orUndefined(isDirectoryKey(key) ? rmdir(this.#at(key)) : unlink(this.#at(key)))
  }

  /** Where S3 Files keeps the losers of conflicts; the directory they came from is not kept. */
  async moveToLostAndFound(key: string): Promise<void> {
    const lostDir = join(this.#path, this.#lostAndFoundName)
    await mkdir(lostDir, { recursive: true, mode: 0o700 })
    const name = basename(pathOfKey(key)).slice(0, maxLostNameLength)
    const lostPath = join(lostDir, `${randomBytes(8).toString('hex')}-${name}`)
    await orUndefined(rename(this.#at(key), lostPath))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#stagingDir, { recursive: true, force: true })
  }

  async #scanInto(found: Map<string, Fingerprint>, parentKey: string): Promise<void> {
    for (const name of (await orUndefined(readdir(this.#at(parentKey)))) ?? []) {
      if (parentKey === '' && name === this.#lostAndFoundName) continue
      const fileKey = `${parentKey}${name}`
      const fingerprint = await this.look(fileKey)
      if (fingerprint === undefined) continue
      const isDirectory = fingerprint.kind === 'directory'
      const key = isDirectory ? `${fileKey}/` : fileKey
      found.set(key, fingerprint)
      if (isDirectory) await this.#scanInto(found, key)
    }
  }

  #at(key: string): string {
    return join(this.#path, pathOfKey(key))
  }

  #parentOf(key: string): string {
    return this.#at(parentKeys(key).at(-1) ?? '')
  }
}

function isAsExpected(expected: Fingerprint | undefined, now: Fingerprint | undefined): boolean {
  if (expected === undefined || now === undefined) return expected === now
  return expected.kind === now.kind && isUnchanged(expected, now)
}

async function applyPosix(path: string, metadata: Metadata, kind: Fingerprint['kind']): Promise<void> {
  const { mode, uid, gid } = posixAttributes(metadata, kind)
  // Owners can be given away by root only; elsewhere everything stays the tester's own.
  await chown(path, uid, gid).catch((error: unknown) => {
    if (!hasCode(error, 'EPERM')) throw error
  })
  await chmod(path, mode)
}

/** What a file system that others change meanwhile may answer at any time: gone, or something else than a moment ago. */
async function orUndefined<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR', 'EEXIST', 'ENOTEMPTY')) return undefined
    throw error
  }
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}
