import type {
  Attributes,
  ByteRange,
  Call,
  Chunks,
  OpenedFile,
} from '../../../../../src-main/front/vfs/backend.ts'
import type { MemoryBackend } from '../../../../fakes/memory-backend.ts'
import { patterned } from '../../../../contract/backend/subject.ts'
import { at, mebibyte } from './open-cache.ts'

/** No power of two, so that no two blocks are alike. */
const pattern = patterned(1_000_003)

/** A file whose bytes are made as they are read: too large to be kept in memory, let alone twice. */
export interface LargeFile {
  /** Checks that `opened` yields just what the file has from `range.start` on. @returns how many bytes that were. */
  check(opened: OpenedFile, range?: ByteRange): Promise<number>
}

/** Puts one of `size` bytes at `path` of `memory`, which logs and counts the calls for it like any other. */
export async function putLarge(memory: MemoryBackend, path: string, size: number): Promise<LargeFile> {
  memory.put(path, '')
  const target = at(path)
  const sizedLike = (attributes: Attributes): Attributes => ({ ...attributes, size })
  const stat = memory.stat.bind(memory)
  const read = memory.read.bind(memory)
  const { fileId } = await stat(target, { signal: new AbortController().signal })
  memory.resetCalls()
  const isOurs = (attributes: Attributes): boolean => attributes.fileId === fileId

  memory.stat = async (asked, call) => {
    const attributes = await stat(asked, call)
    return isOurs(attributes) ? sizedLike(attributes) : attributes
  }
  memory.read = async (asked, range, call: Call) => {
    const opened = await read(asked, range, call)
    if (!isOurs(opened.attributes)) return opened
    const start = range?.start ?? 0
    const end = Math.min(range === undefined ? size : range.end + 1, size)
    const body = bytesBetween(start, end)
    return { ...opened, attributes: sizedLike(opened.attributes), length: end - start, body }
  }
  return { check: (opened, range) => checkBytes(opened, range?.start ?? 0) }
}

async function checkBytes({ body, length }: OpenedFile, start: number): Promise<number> {
  let position = start
  for await (const chunk of body) {
    for (let done = 0; done < chunk.length;) {
      const from = (position + done) % pattern.length
      const expected = pattern.subarray(from, from + chunk.length - done)
      if (expected.compare(chunk, done, done + expected.length) !== 0)
        throw new Error(`other bytes than there should be, at ${position + done}`)
      done += expected.length
    }
    position += chunk.length
  }
  if (position - start !== length) throw new Error(`${position - start} bytes instead of ${length}`)
  return length
}

async function* bytesBetween(start: number, end: number): Chunks {
  for (let position = start; position < end;) {
    await Promise.resolve()
    const from = position % pattern.length
    const chunk = pattern.subarray(from, from + Math.min(mebibyte, end - position))
    yield chunk
    position += chunk.length
  }
}
