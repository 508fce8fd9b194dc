import { type Errno, isVolumeError, saysAbsent } from './errno.ts'
import type { FileHandle } from './files/file-handle.ts'
import type { OpenFlags } from './files/open-file.ts'
import { copyOut, openFolder, quickLook, settleIn } from './gestures/browsing.ts'
import { copyIn, type CopyInOptions, cpIn, duplicate } from './gestures/copying.ts'
import { deleteTree, newFolder, renameWithDouble } from './gestures/organising.ts'
import { atomicSave, saveInPlace } from './gestures/saving.ts'
import type { WireAttributes } from './parser/multistatus.ts'
import { Posix } from './posix.ts'
import type { VolumeReport } from './report/events.ts'
import type { VolumeParts } from './volume-parts.ts'

/**
 * A mounted volume as programs and Finder use it. System calls and gestures reject with a `VolumeError`; what the user sees of it,
 * and what he does not see but loses, is in `report()`.
 */
export class SimulatedVolume implements AsyncDisposable {
  /** System calls for a test's own sequences; failures there are not reported as shown to the user. */
  readonly posix: Posix
  readonly #parts: VolumeParts

  constructor(parts: VolumeParts) {
    this.#parts = parts
    this.posix = new Posix(parts)
  }

  get isReadOnly(): boolean {
    return this.#parts.isReadOnly
  }

  get isDown(): boolean {
    return !this.#parts.agent.link.isUp
  }

  /** Resolves when the volume is not DOWN (any more). */
  whenUp(): Promise<void> {
    return this.#parts.agent.link.whenUp()
  }

  /** Threads of the five that are taken. */
  get busyThreads(): number {
    return this.#parts.threads.busyCount
  }

  report(): VolumeReport {
    return this.#parts.recorder.report()
  }

  /** Starts a new report. */
  resetReport(): void {
    this.#parts.recorder.reset()
  }

  stat(path: string): Promise<WireAttributes> {
    return this.#shown('stat', path, () => this.posix.stat(path))
  }

  readdir(path: string): Promise<string[]> {
    return this.#shown('readdir', path, () => this.posix.readdir(path))
  }

  open(path: string, flags?: OpenFlags): Promise<FileHandle> {
    return this.#shown('open', path, () => this.posix.open(path, flags))
  }

  readFile(path: string): Promise<Buffer> {
    return this.#shown('read', path, () => this.posix.readFile(path))
  }

  writeFile(path: string, bytes: Uint8Array, options?: { readonly fsync?: boolean }): Promise<void> {
    return this.#shown('write', path, () => this.posix.writeFile(path, bytes, options))
  }

  mkdir(path: string): Promise<void> {
    return this.#shown('mkdir', path, () => this.posix.mkdir(path))
  }

  rmdir(path: string): Promise<void> {
    return this.#shown('rmdir', path, () => this.posix.rmdir(path))
  }

  unlink(path: string): Promise<void> {
    return this.#shown('unlink', path, () => this.posix.unlink(path))
  }

  setxattr(path: string, name: string, value: Uint8Array): Promise<void> {
    return this.#shown('setxattr', path, () => this.posix.setxattr(path, name, value))
  }

  getxattr(path: string, name: string): Promise<Buffer> {
    return this.#shown('getxattr', path, () => this.posix.getxattr(path, name))
  }

  statfs(): Promise<void> {
    return this.#shown('statfs', '/', () => this.posix.statfs())
  }

  /** What Finder does right after a mount. */
  settleIn(): Promise<void> {
    return this.#gesture('settle in', '/', () => settleIn(this.posix))
  }

  openFolder(path: string, options?: { readonly previews?: boolean }): Promise<string[]> {
    return this.#gesture('open folder', path, () => openFolder(this.posix, path, options))
  }

  quickLook(path: string): Promise<Buffer> {
    return this.#gesture('preview', path, () => quickLook(this.posix, path))
  }

  copyIn(path: string, bytes: Uint8Array, options?: CopyInOptions): Promise<void> {
    return this.#gesture('copy in', path, async () => {
      await copyIn(this.posix, path, bytes, options)
      if (options?.cancelAfterBytes === undefined) await this.#noticeLoss(path, bytes.length)
    })
  }

  cpIn(path: string, bytes: Uint8Array, options?: Pick<CopyInOptions, 'xattrs'>): Promise<void> {
    return this.#gesture('cp', path, () => cpIn(this.posix, path, bytes, options))
  }

  copyOut(path: string): Promise<Buffer> {
    return this.#gesture('copy out', path, () => copyOut(this.posix, path))
  }

  duplicate(path: string, copyPath: string): Promise<void> {
    return this.#gesture('duplicate', path, () => duplicate(this.posix, path, copyPath))
  }

  saveInPlace(path: string, bytes: Uint8Array): Promise<void> {
    return this.#gesture('save', path, () => saveInPlace(this.posix, path, bytes))
  }

  atomicSave(path: string, bytes: Uint8Array): Promise<void> {
    return this.#gesture('save', path, () => atomicSave(this.posix, path, bytes))
  }

  rename(from: string, to: string): Promise<void> {
    return this.#gesture('rename', from, () => renameWithDouble(this.posix, from, to))
  }

  newFolder(path: string): Promise<void> {
    return this.#gesture('new folder', path, () => newFolder(this.posix, path))
  }

  deleteTree(path: string): Promise<void> {
    return this.#gesture('delete', path, () => deleteTree(this.posix, path))
  }

  /** Ends it as an unmount does: nothing goes on the wire. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#parts.agent.close()
    return Promise.resolve()
  }

  /** The listing after a copy shows the size the server really has; "0 bytes" is what a dropped chunked body looks like. */
  async #noticeLoss(path: string, expectedBytes: number): Promise<void> {
    const { size } = await this.posix.stat(path)
    if (size === expectedBytes) return
    this.#parts.recorder.event({
      kind: 'silent-loss',
      path,
      reason: `${size} of ${expectedBytes} bytes arrived`,
    })
  }

  /** A program's own call: it meets "no such file" and its like every day without a word. */
  async #shown<T>(operation: string, path: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (!isEverydayAnswer(error)) this.#parts.recorder.failed(operation, path, error)
      throw error
    }
  }

  /** Finder puts up a dialog for whatever ends a gesture. */
  async #gesture<T>(operation: string, path: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      this.#parts.recorder.failed(operation, path, error)
      throw error
    }
  }
}

const everydayErrnos: readonly Errno[] = ['ENOENT', 'ENOATTR', 'EEXIST', 'ENOTDIR', 'EISDIR', 'ENOTEMPTY']

/** Programs ask for what is not there and stop at what is; an ENOENT made from another status than 404 is not of that kind. */
function isEverydayAnswer(error: unknown): boolean {
  if (!isVolumeError(error, ...everydayErrnos)) return false
  return error.errno !== 'ENOENT' || error.status === undefined || saysAbsent(error.status)
}
