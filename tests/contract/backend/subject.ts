import { afterEach, beforeEach, expect } from 'vitest'

import type { Attributes, Backend, ByteRange, Call, Chunks } from '../../../src-main/front/vfs/backend.ts'
import { parsePath, type VfsPath } from '../../../src-main/front/vfs/path.ts'
import { AppError, type ErrorCode } from '../../../src-main/shared/errors.ts'

/** A backend over an empty drive of its own, and its end. */
export interface Subject extends AsyncDisposable {
  readonly backend: Backend
}
export type MakeBackend = () => Promise<Subject>

/** A backend with the shorthands that tests want. Paths are plain text, bodies are whole, the signal never aborts. */
export class Drive {
  readonly backend: Backend
  readonly call: Call = { signal: new AbortController().signal }

  constructor(backend: Backend) {
    this.backend = backend
  }

  put(path: string, content: string | Uint8Array = ''): Promise<Attributes> {
    return this.backend.write(at(path), bodyOf(content), this.call)
  }

  makeDirectory(path: string): Promise<Attributes> {
    return this.backend.makeDirectory(at(path), this.call)
  }

  stat(path: string): Promise<Attributes> {
    return this.backend.stat(at(path), this.call)
  }

  move(from: string, to: string): Promise<Attributes> {
    return this.backend.move(at(from), at(to), this.call)
  }

  remove(path: string): Promise<void> {
    return this.backend.remove(at(path), this.call)
  }

  async get(path: string, range?: ByteRange): Promise<Buffer> {
    const { body, length } = await this.backend.read(at(path), range, this.call)
    const content = await collect(body)
    expect(content.length).toBe(length)
    return content
  }

  async getText(path: string): Promise<string> {
    return (await this.get(path)).toString()
  }

  /** The names in a directory, sorted. */
  async names(path: string): Promise<string[]> {
    return [...(await this.backend.list(at(path), this.call)).entries.keys()].sort()
  }
}

/** A fresh drive before each test of the surrounding `describe`; the function gives the current one. */
export function useDrive(makeBackend: MakeBackend): () => Drive {
  let subject: Subject | undefined
  let drive: Drive | undefined
  beforeEach(async () => {
    subject = await makeBackend()
    drive = new Drive(subject.backend)
  })
  afterEach(() => subject?.[Symbol.asyncDispose]())
  return () => drive!
}

export function at(path: string): VfsPath {
  return parsePath(path)
}

/** The chunks one by one, all in the same memory: whoever keeps a chunk past its time gets the next one's bytes. */
export async function* bodyOf(...chunks: readonly (string | Uint8Array)[]): Chunks {
  const buffers = chunks.map((chunk) => Buffer.from(chunk))
  const lent = Buffer.alloc(Math.max(0, ...buffers.map(({ length }) => length)))
  for (const buffer of buffers) {
    buffer.copy(lent)
    await Promise.resolve()
    yield lent.subarray(0, buffer.length)
  }
}

/** Copies every chunk as it comes, as the ownership rule of `Chunks` demands. */
export async function collect(body: Chunks): Promise<Buffer> {
  const copies: Buffer[] = []
  for await (const chunk of body) copies.push(Buffer.from(chunk))
  return Buffer.concat(copies)
}

/** `length` bytes that differ from their neighbours and from those a chunk further on; the same for the same `seed`. */
export function patterned(length: number, seed = 1): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  let state = seed
  for (let index = 0; index < length; index++) {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    bytes[index] = state >>> 24
  }
  return bytes
}

/** Resolves with the code of the AppError that `promise` rejects with; fails when it resolves or rejects otherwise. */
export async function codeOf(promise: Promise<unknown>): Promise<ErrorCode> {
  const outcome = await promise.then(
    () => 'resolved',
    (error: unknown) => error,
  )
  expect(outcome).toBeInstanceOf(AppError)
  return (outcome as AppError).code
}
