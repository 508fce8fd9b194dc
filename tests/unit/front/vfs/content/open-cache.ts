import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect } from 'vitest'

import type { Backend, ByteRange, Call, OpenedFile } from '../../../../../src-main/front/vfs/backend.ts'
import {
  createContentCache,
  type ContentCache,
  type ContentCacheOptions,
} from '../../../../../src-main/front/vfs/content/content-cache.ts'
import { parsePath, type VfsPath } from '../../../../../src-main/front/vfs/path.ts'
import type { AppError } from '../../../../../src-main/shared/errors.ts'
import { FakeClock } from '../../../../fakes/fake-clock.ts'
import { FaultBackend } from '../../../../fakes/fault-backend.ts'
import { MemoryBackend } from '../../../../fakes/memory-backend.ts'
import { waitFor } from '../../../../harness/wait-for.ts'
import { patterned } from '../../../../contract/backend/subject.ts'
import { watchReads, type WatchedRead } from './watched-backend.ts'

export const blockBytes = 256 * 1024
export const mebibyte = 1024 * 1024

export interface OpenedCache extends AsyncDisposable {
  readonly clock: FakeClock
  /** Where files come from, and where others change them. */
  readonly memory: MemoryBackend
  /** Stands between `memory` and the cache. */
  readonly faults: FaultBackend
  /** Every read that the cache has made. */
  readonly reads: WatchedRead[]
  readonly dir: string
  readonly unusable: AppError[]
  mostReadsAtOnce(): number
  cache: ContentCache
  backend: Backend
  get(path: string, range?: ByteRange, call?: Call): Promise<string>
  open(path: string, range?: ByteRange, call?: Call): Promise<OpenedFile>
  /** The calls since the last look, as `stat /a`. */
  calls(): string[]
  /** Ends the cache and starts another one over the same folder. */
  restart(options?: CacheOptions): Promise<void>
  /** Resolves when no read of the backend goes on. */
  quiet(): Promise<void>
}

type CacheOptions = Partial<Pick<ContentCacheOptions, 'maxBytes' | 'reserveBytes' | 'dir'>>

export const never: Call = { signal: new AbortController().signal }

/** A content cache over a backend in memory, with a folder of its own on a real disk. */
export function openCache(options: CacheOptions = {}): OpenedCache {
  const clock = new FakeClock()
  const memory = new MemoryBackend(clock)
  const faults = new FaultBackend(memory, clock)
  const { backend: inner, reads, mostAtOnce } = watchReads(faults)
  const baseDir = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'mountbar-content-'))
  const unusable: AppError[] = []
  const start = (changed: CacheOptions = {}): ContentCache =>
    createContentCache({
      inner,
      dir: join(baseDir, 'content'),
      maxBytes: 1024 * mebibyte,
      reserveBytes: 0,
      clock,
      onUnusable: (error) => unusable.push(error),
      ...options,
      ...changed,
    })
  const cache = start()
  return {
    clock,
    memory,
    faults,
    reads,
    dir: options.dir ?? join(baseDir, 'content'),
    unusable,
    mostReadsAtOnce: mostAtOnce,
    cache,
    backend: cache.backend,
    open(path, range, call = never) {
      return this.backend.read(at(path), range, call)
    },
    async get(path, range, call) {
      const opened = await this.open(path, range, call)
      const text = await textOf(opened)
      expect(text.length).toBe(opened.length)
      return text
    },
    calls: () => memory.log.splice(0),
    async restart(changed) {
      await this.cache[Symbol.asyncDispose]()
      this.cache = start(changed)
      this.backend = this.cache.backend
    },
    async quiet() {
      await waitFor(() => reads.every(({ isOver }) => isOver), { what: 'the reads to end', everyMs: 1 })
    },
    async [Symbol.asyncDispose]() {
      await this.cache[Symbol.asyncDispose]()
      rmSync(baseDir, { recursive: true, force: true })
    },
  }
}

export function at(path: string): VfsPath {
  return parsePath(path)
}

/** Copies every chunk as it comes: its memory is lent. */
export async function textOf({ body }: Pick<OpenedFile, 'body'>): Promise<string> {
  const parts: Buffer[] = []
  for await (const chunk of body) parts.push(Buffer.from(chunk))
  return Buffer.concat(parts).toString()
}

/** `bytes` bytes of text without any regularity; `seed` makes others. */
export function textFor(bytes: number, seed = 1): string {
  return patterned(Math.ceil(bytes / 2), seed)
    .toString('hex')
    .slice(0, bytes)
}

/** What `range` means of `text`. */
export function sliceOf(text: string, range: ByteRange | undefined): string {
  return range === undefined ? text : text.slice(range.start, range.end + 1)
}

/** Moves `clock` on until `promise` is settled: for backends that take their time by it. */
export async function inTime<T>(clock: FakeClock, promise: Promise<T>, stepMs = 5): Promise<T> {
  const progress = { isSettled: false }
  const end = (): void => {
    progress.isSettled = true
  }
  promise.then(end, end)
  while (!progress.isSettled) await clock.advance(stepMs)
  return promise
}
