import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createVfs, type VfsOptions } from '../../src-main/front/vfs/drive-vfs.ts'
import type { Call } from '../../src-main/front/vfs/backend.ts'
import { parsePath, type VfsPath } from '../../src-main/front/vfs/path.ts'
import type { Node, Placed, Vfs } from '../../src-main/front/vfs/vfs.ts'
import { FakeClock } from '../fakes/fake-clock.ts'
import { FaultBackend } from '../fakes/fault-backend.ts'
import { chunksOf, MemoryBackend, textOf } from '../fakes/memory-backend.ts'

/** What a client does, with paths and contents as text. */
export interface TextClient {
  stat(path: string): Promise<Node>
  names(path: string): Promise<string[]>
  read(path: string): Promise<string>
  write(path: string, text: string): Promise<Placed>
  mkdir(path: string): Promise<Node>
  move(from: string, to: string, overwrite?: boolean): Promise<Placed>
  copy(from: string, to: string, overwrite?: boolean): Promise<Placed>
  remove(path: string): Promise<void>
}

export interface OpenedVfs extends AsyncDisposable {
  readonly clock: FakeClock
  readonly backend: MemoryBackend
  /** What stands between the vfs and `backend`. */
  readonly faults: FaultBackend
  readonly stateDir: string
  vfs: Vfs & AsyncDisposable
  client: TextClient
  /** Ends the vfs and starts another one over the same backend and state. */
  restart(): Promise<void>
}

/** Thousands of short histories sync their state to disk; a disk in memory makes that cheap. */
const tempDir = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

export const call: Call = { signal: new AbortController().signal }

export function at(path: string): VfsPath {
  return parsePath(path)
}

/** A vfs over a memory backend and a real state folder, on a clock that stands still. */
export function openVfs(
  options: Partial<Omit<VfsOptions, 'backend' | 'clock' | 'stateDir'>> = {},
): OpenedVfs {
  const clock = new FakeClock()
  const backend = new MemoryBackend(clock)
  const faults = new FaultBackend(backend, clock)
  const stateDir = mkdtempSync(join(tempDir, 'mountbar-vfs-'))
  const open = (): Vfs & AsyncDisposable =>
    createVfs({
      backend: faults,
      clock,
      stateDir,
      metadataTtlMs: 5_000,
      negativeTtlMs: 2_000,
      readOnly: false,
      ...options,
    })
  const vfs = open()
  return {
    clock,
    backend,
    faults,
    stateDir,
    vfs,
    client: clientOf(vfs),
    async restart() {
      await this.vfs[Symbol.asyncDispose]()
      this.vfs = open()
      this.client = clientOf(this.vfs)
    },
    async [Symbol.asyncDispose]() {
      await this.vfs[Symbol.asyncDispose]()
      rmSync(stateDir, { recursive: true })
    },
  }
}

export function clientOf(vfs: Vfs): TextClient {
  return {
    stat: (path) => vfs.stat(at(path), call),
    names: async (path) => [...(await vfs.list(at(path), call)).children.keys()].sort(),
    read: async (path) => textOf((await vfs.read(at(path), undefined, call)).body),
    write: (path, text) => vfs.write(at(path), chunksOf(text), call),
    mkdir: (path) => vfs.makeDirectory(at(path), call),
    move: (from, to, overwrite = true) => vfs.move(at(from), at(to), overwrite, call),
    copy: (from, to, overwrite = true) => vfs.copy(at(from), at(to), { overwrite, depth: 'infinity' }, call),
    remove: (path) => vfs.remove(at(path), call),
  }
}
