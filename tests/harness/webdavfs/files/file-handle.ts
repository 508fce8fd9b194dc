import { displayPath, type VolumeNode } from '../caches/node-tree.ts'
import { VolumeError } from '../errno.ts'
import { readAheadBytes } from '../limits.ts'
import type { VolumeParts } from '../volume-parts.ts'
import type { Download } from './download.ts'
import { unlockNode } from './locks.ts'
import { readAhead } from './read-ahead.ts'
import { SequentialUpload } from './sequential-upload.ts'
import { uploadContent } from './upload.ts'

/** An open file. `close` never rejects: this client has thrown the result away since 2009 (webdavfs-403: V:1841). */
export class FileHandle {
  readonly #volume: VolumeParts
  readonly #node: VolumeNode
  readonly #isWriter: boolean
  readonly #download: Download | undefined
  #sequential: SequentialUpload | undefined
  #isOpen = true

  constructor(volume: VolumeParts, node: VolumeNode, isWriter: boolean, download: Download | undefined) {
    this.#volume = volume
    this.#node = node
    this.#isWriter = isWriter
    this.#download = download
  }

  /** Bytes of the whole file as far as the client knows. */
  get size(): number {
    const { content, attributes } = this.#node
    if (content.state === 'complete') return content.length
    return this.#download?.expectedLength ?? Math.max(content.length, attributes?.size ?? 0)
  }

  /**
   * Up to `length` bytes at `offset`; short only at the end of the file. Waits for the download, or goes past it with a Range request
   * when it is more than 32 KiB behind (webdavfs-403: V:2093-2182). @throws VolumeError EIO when the download broke off.
   */
  async read(offset: number, length: number): Promise<Buffer> {
    const { content } = this.#node
    const end = Math.min(offset + length, this.#isLengthKnown() ? this.size : Infinity)
    if (end <= offset) return Buffer.alloc(0)
    if (content.state === 'downloading' && offset > content.length + readAheadBytes) {
      return readAhead(this.#volume, this.#node, offset, end - offset)
    }
    const startMs = this.#volume.clock.monotonicMs()
    try {
      await content.whenAvailable(end)
    } finally {
      this.#volume.recorder.waited(this.#volume.clock.monotonicMs() - startMs, 0)
    }
    return Buffer.from(content.bytes(offset, end))
  }

  /** Changes the cached copy only. @throws VolumeError EIO when the old content could not be downloaded. */
  async write(bytes: Uint8Array, offset: number): Promise<void> {
    const content = await this.#whole()
    content.write(bytes, offset)
    content.isDirty = true
  }

  /** @throws as `write`. */
  async ftruncate(length: number): Promise<void> {
    const content = await this.#whole()
    content.truncate(length)
    content.isDirty = true
  }

  /** PUTs what was written, and unlike `close` says how it went (webdavfs-403: V:1626-1657). @throws VolumeError */
  async fsync(): Promise<void> {
    if (!this.#node.content.isDirty) return
    await this.#volume.calls.call(
      'fsync',
      displayPath(this.#node),
      (thread) => uploadContent(this.#volume, this.#node, thread.name),
      'for ever',
    )
  }

  /**
   * Finder's private fsctl: from here on bytes go straight into one chunked PUT (webdavfs-403: V:4405-4430). `expectedBytes` is
   * only a hint to the server. @throws VolumeError EIO when no manager thread starts within 5 s.
   */
  async beginSequential(expectedBytes: number): Promise<void> {
    this.#requireWriter()
    this.#sequential = await SequentialUpload.start(this.#volume, this.#node, expectedBytes)
  }

  /** @throws VolumeError EIO once the server has refused, ETIMEDOUT when 64 KiB do not drain in 30 s. */
  async writeSequential(bytes: Uint8Array): Promise<void> {
    if (this.#sequential === undefined) throw new VolumeError('EINVAL', 'not in sequential mode')
    await this.#sequential.write(bytes)
  }

  /** How many bytes of a sequential upload have drained. */
  get sequentialBytes(): number {
    return this.#sequential?.sentBytes ?? 0
  }

  /** Gives a sequential upload up, as Finder does when the user cancels: the connection closes before the body's end. */
  cancelSequential(): void {
    this.#sequential?.cancel()
    this.#sequential = undefined
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return
    this.#isOpen = false
    try {
      await this.#sequential?.finish()
      await this.fsync()
    } catch (error) {
      const reason = `close returned 0 after ${String(error)}`
      this.#volume.recorder.event({ kind: 'silent-loss', path: displayPath(this.#node), reason })
    }
    this.#node.openCount -= 1
    if (this.#node.openCount === 0) await this.#lastClose()
  }

  async #lastClose(): Promise<void> {
    this.#download?.abort()
    if (this.#node.lock === undefined) return
    await this.#volume.calls
      .call('close', displayPath(this.#node), (thread) => unlockNode(this.#volume, this.#node, thread.name))
      .catch(() => undefined)
  }

  async #whole(): Promise<VolumeNode['content']> {
    this.#requireWriter()
    await this.#node.content.whenAvailable(Infinity)
    return this.#node.content
  }

  #requireWriter(): void {
    if (!this.#isWriter) throw new VolumeError('EINVAL', 'not open for writing')
  }

  #isLengthKnown(): boolean {
    const { content, attributes } = this.#node
    return (
      content.state === 'complete' || this.#download?.expectedLength !== undefined || attributes !== undefined
    )
  }
}
