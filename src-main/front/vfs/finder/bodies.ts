import { readdirSync, rmSync } from 'node:fs'
import { copyFile, open, rename, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'

import { AppError } from '../../../shared/errors.ts'
import { syncDirectory } from '../../files/sync-directory.ts'
import type { ByteRange, Call, Chunks } from '../backend.ts'

const readBytes = 64 * 1024

export interface OpenedBody {
  readonly length: number
  readonly body: Chunks
  close(): Promise<void>
}

/**
 * The content of Finder's files: one file per non-empty body, named by its number and never changed afterwards. A body is
 * complete and on disk before its number is handed out for an entry, so a crash leaves at most bodies without an entry.
 */
export class Bodies {
  readonly #dir: string

  constructor(dir: string) {
    this.#dir = dir
  }

  /** Removes what a crash left over. Call it before anything is written. */
  sweep(referenced: ReadonlySet<number>): void {
    for (const name of readdirSync(this.#dir)) {
      if (!/^\d+$/.test(name) || !referenced.has(Number(name)))
        rmSync(join(this.#dir, name), { force: true, recursive: true })
    }
  }

  /** Keeps `body` under `id`; no trace of it is left when it fails. @returns its size in bytes. */
  async write(id: number, body: Chunks, call: Call): Promise<number> {
    const partPath = join(this.#dir, `${id}.part`)
    // Finder makes every file empty first: nothing needs to be on disk for that.
    let file: FileHandle | undefined
    let size = 0
    try {
      for await (const chunk of body) {
        if (call.signal.aborted) throw new AppError('cancelled')
        file ??= await open(partPath, 'wx', 0o600)
        await file.writeFile(chunk)
        size += chunk.length
      }
      if (file === undefined) return 0
      await file.sync()
      await file.close()
      await rename(partPath, this.#pathOf(id))
      await syncDirectory(this.#dir)
      return size
    } catch (error) {
      await file?.close().catch(() => undefined)
      await rm(partPath, { force: true })
      throw isNoSpace(error) ? new AppError('no-space', {}, { cause: error }) : error
    }
  }

  async copy(fromId: number, toId: number): Promise<void> {
    await copyFile(this.#pathOf(fromId), this.#pathOf(toId))
    const file = await open(this.#pathOf(toId))
    await file.sync()
    await file.close()
    await syncDirectory(this.#dir)
  }

  /** @returns undefined when the body is not there as it should be. */
  async open(id: number, size: number, range: ByteRange | undefined): Promise<OpenedBody | undefined> {
    if (size === 0) return { length: 0, body: bytesOf(undefined, 0, 0), close: () => Promise.resolve() }
    let file: FileHandle
    try {
      file = await open(this.#pathOf(id))
    } catch {
      return undefined
    }
    const { size: found } = await file.stat()
    if (found !== size) {
      await file.close()
      return undefined
    }
    const start = Math.min(range?.start ?? 0, size)
    const end = Math.min(range === undefined ? size : range.end + 1, size)
    return { length: Math.max(0, end - start), body: bytesOf(file, start, end), close: () => file.close() }
  }

  /** Forgets bodies that no entry refers to any more; what stays behind is swept at the next start. */
  async discard(ids: readonly number[]): Promise<void> {
    await Promise.allSettled(ids.map((id) => rm(this.#pathOf(id), { force: true })))
  }

  #pathOf(id: number): string {
    return join(this.#dir, String(id))
  }
}

async function* bytesOf(file: FileHandle | undefined, start: number, end: number): Chunks {
  if (file === undefined) return
  try {
    for (let position = start; position < end;) {
      const buffer = Buffer.allocUnsafe(Math.min(readBytes, end - position))
      const { bytesRead } = await file.read(buffer, 0, buffer.length, position)
      if (bytesRead === 0) throw new AppError('backend-failed', { operation: 'read' })
      position += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

function isNoSpace(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
}
