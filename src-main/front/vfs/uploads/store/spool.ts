import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'

import { AppError } from '../../../../shared/errors.ts'
import { errnoOf } from '../../../files/errno.ts'
import { close, fstat, fsync, open, unlink } from '../../../files/fs-calls.ts'
import { ReadChunks } from '../../../files/read-chunks.ts'
import { syncOpenDirectory } from '../../../files/sync-directory.ts'
import { writeChunks } from '../../../files/write-chunks.ts'
import type { ByteRange, Call, Chunks } from '../../backend.ts'
import type { VfsPath } from '../../path.ts'
import type { UploadId, UploadRecord } from '../upload.ts'
import type { DurableStep } from '../upload-store.ts'
import { EarlySync } from './early-sync.ts'
import type { Room } from './room.ts'
import { SealedBody } from './sealed-body.ts'
import type { SpooledBody, SpooledUpload } from './spool-trailer.ts'
import { VerifiedBody, damagedUnlessPassing } from './verified-body.ts'

export interface OpenedBody {
  readonly length: number
  readonly body: Chunks
  close(): Promise<void>
}

/**
 * The bodies of uploads: one file each, named by the upload's id, written once and never changed. What is read stays until
 * its last reader is done, also when it was removed meanwhile.
 */
export class Spool {
  readonly #dir: string
  readonly #dirFd: number
  readonly #room: Room
  readonly #onStep: (step: DurableStep) => void
  readonly #readers = new Map<UploadId, number>()
  /** Removed while they were being read, with their sizes. */
  readonly #condemned = new Map<UploadId, number>()
  /** Resolves with the last removal so far. */
  #unlinking: Promise<void> = Promise.resolve()

  /** Keeps `dir` open until it is disposed of. */
  constructor(dir: string, room: Room, onStep: (step: DurableStep) => void) {
    this.#dir = dir
    this.#dirFd = openSync(dir, 'r')
    this.#room = room
    this.#onStep = onStep
  }

  /**
   * Writes a body with its trailer, for the record made once its size is known, and syncs the file where it is to be durable; its name
   * is durable after `syncNames` only. Nothing is left of it when it fails. @throws `no-space`, what `body` throws, `cancelled`, errno errors.
   */
  async write(
    id: UploadId,
    body: Chunks,
    makeRecord: (size: number) => UploadRecord,
    { signal, isDurable }: Call & { readonly isDurable: boolean },
  ): Promise<SpooledUpload> {
    const fd = await open(this.#pathOf(id), 'wx', 0o600)
    const sync = isDurable ? new EarlySync(fd) : undefined
    const takeRoom = (bytes: number): void => {
      this.#room.take(bytes)
      sync?.grew(bytes)
    }
    const sealed = new SealedBody(body, takeRoom, makeRecord)
    try {
      await this.#fill(fd, sealed, sync, signal).finally(async () => {
        await sync?.settled()
        await close(fd)
      })
    } catch (error) {
      await this.discard(id, sealed.size)
      throw error
    }
    return sealed.upload
  }

  /** Syncs a body that was written without. */
  async sync(id: UploadId): Promise<void> {
    const fd = await open(this.#pathOf(id), 'r')
    await fsync(fd).finally(() => close(fd))
  }

  /** Puts the names of the files written so far on the disk. */
  async syncNames(): Promise<void> {
    await syncOpenDirectory(this.#dirFd)
  }

  /** Takes back a body that was written and will not be kept. */
  async discard(id: UploadId, size: number): Promise<void> {
    // What cannot be removed now is swept at the next start.
    await unlink(this.#pathOf(id)).catch(() => undefined)
    this.#room.giveBack(size)
  }

  /** `path` is for errors only. @throws AppError `upload-damaged` {path}, `stalled`, `cancelled`. */
  async read(
    id: UploadId,
    expected: SpooledBody,
    range: ByteRange | undefined,
    path: VfsPath,
    call: Call,
  ): Promise<OpenedBody> {
    const position = Math.min(range?.start ?? 0, expected.size)
    const end = Math.min(range === undefined ? expected.size : range.end + 1, expected.size)
    const length = Math.max(0, end - position)
    this.#readers.set(id, (this.#readers.get(id) ?? 0) + 1)
    try {
      const fd = await this.#openWhole(id, expected.fileBytes, path)
      const chunks = new ReadChunks({ fd, position, length }, path, call.signal)
      void chunks.closed.then(() => this.#release(id))
      const body = new VerifiedBody(chunks, path, length === expected.size ? expected : undefined)
      return { length, body, close: () => chunks.close() }
    } catch (error) {
      this.#release(id)
      throw damagedUnlessPassing(error, path)
    }
  }

  /** Removes bodies, one after the other in the background; those being read, after their last reader. */
  remove(bodies: readonly (readonly [id: UploadId, size: number])[]): void {
    for (const [id, size] of bodies) {
      if (this.#readers.has(id)) this.#condemned.set(id, size)
      else this.#unlink(id, size)
    }
  }

  /** Resolves when all that was removed is gone, but for what is being read. */
  async settled(): Promise<void> {
    await this.#unlinking
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.settled()
    closeSync(this.#dirFd)
  }

  async #fill(
    fd: number,
    sealed: SealedBody,
    sync: EarlySync | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    await writeChunks(fd, sealed, signal)
    this.#onStep('spool-written')
    await sync?.finish()
  }

  async #openWhole(id: UploadId, fileBytes: number, path: VfsPath): Promise<number> {
    const fd = await open(this.#pathOf(id), 'r')
    try {
      if ((await fstat(fd)).size === fileBytes) return fd
      throw new AppError('upload-damaged', { path })
    } catch (error) {
      await close(fd)
      throw error
    }
  }

  #release(id: UploadId): void {
    const readers = (this.#readers.get(id) ?? 1) - 1
    if (readers > 0) {
      this.#readers.set(id, readers)
      return
    }
    this.#readers.delete(id)
    const size = this.#condemned.get(id)
    if (size === undefined) return
    this.#condemned.delete(id)
    this.#unlink(id, size)
  }

  /** In turn: ten thousand at once would keep everything else that needs the disk waiting. */
  #unlink(id: UploadId, size: number): void {
    this.#unlinking = this.#unlinking.then(() => this.#unlinkNow(id, size))
  }

  async #unlinkNow(id: UploadId, size: number): Promise<void> {
    try {
      await unlink(this.#pathOf(id))
    } catch (error) {
      // It takes up its room until the next start sweeps it.
      if (errnoOf(error) !== 'ENOENT') return
    }
    this.#room.giveBack(size)
    this.#onStep('spool-removed')
  }

  #pathOf(id: UploadId): string {
    return join(this.#dir, String(id))
  }
}
