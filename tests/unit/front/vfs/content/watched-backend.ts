import type {
  Backend,
  ByteRange,
  Call,
  Chunks,
  OpenedFile,
} from '../../../../../src-main/front/vfs/backend.ts'
import type { VfsPath } from '../../../../../src-main/front/vfs/path.ts'

/** One read of a backend, from its call to the end of its body. */
export interface WatchedRead {
  readonly path: VfsPath
  readonly range: ByteRange | undefined
  /** How much of the body has been taken. */
  takenBytes: number
  /** Failed, read to its end, or given back. */
  isOver: boolean
}

/** Passes everything on to `inner` and keeps a record of what is read from it. */
export function watchReads(inner: Backend): {
  backend: Backend
  reads: WatchedRead[]
  mostAtOnce: () => number
} {
  const reads: WatchedRead[] = []
  let most = 0

  async function read(path: VfsPath, range: ByteRange | undefined, call: Call): Promise<OpenedFile> {
    const record: WatchedRead = { path, range, takenBytes: 0, isOver: false }
    reads.push(record)
    most = Math.max(most, reads.filter(({ isOver }) => !isOver).length)
    const end = (): void => {
      record.isOver = true
    }
    call.signal.addEventListener('abort', end, { once: true })
    try {
      const opened = await inner.read(path, range, call)
      return {
        attributes: opened.attributes,
        length: opened.length,
        body: watched(opened.body, record),
        close: () => {
          end()
          return opened.close()
        },
      }
    } catch (error) {
      end()
      throw error
    }
  }

  const backend: Backend = {
    read,
    list: (path, call) => inner.list(path, call),
    stat: (path, call) => inner.stat(path, call),
    statfs: (call) => inner.statfs(call),
    write: (path, body, call) => inner.write(path, body, call),
    makeDirectory: (path, call) => inner.makeDirectory(path, call),
    move: (from, to, call) => inner.move(from, to, call),
    remove: (path, call) => inner.remove(path, call),
  }
  return { backend, reads, mostAtOnce: () => most }
}

async function* watched(body: Chunks, record: WatchedRead): Chunks {
  try {
    for await (const chunk of body) {
      record.takenBytes += chunk.length
      yield chunk
    }
  } finally {
    record.isOver = true
  }
}
