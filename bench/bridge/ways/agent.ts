import type { Backend, Call, Chunks } from '../../../src-main/front/vfs/backend.ts'
import { parsePath } from '../../../src-main/front/vfs/path.ts'
import { smallBytes, timedEach, type Way } from '../way.ts'

const call: Call = { signal: new AbortController().signal }
const pieceBytes = 1024 * 1024

/** The agent's file service, from this machine: over a published port and HTTP, as the front asks it, but without the front. */
export function agentWay(backend: Backend): Way {
  const at = (path: string) => parsePath(`/${path}`)
  const read = async (path: string): Promise<void> => {
    const { body } = await backend.read(at(path), undefined, call)
    for await (const _chunk of body) continue
  }
  return {
    label: 'agent',
    perform: async ({ stats, lists, reads, writes, bigReads, bigWrites, bigBytes }) => ({
      stat: await timedEach(stats, (path) => backend.stat(at(path), call)),
      list: await timedEach(lists, (path) => backend.list(at(path), call)),
      read: await timedEach(reads, read),
      write: await timedEach(writes, (path) => backend.write(at(path), bytes(smallBytes), call)),
      bigRead: await timedEach(bigReads, read),
      bigWrite: await timedEach(bigWrites, (path) => backend.write(at(path), bytes(bigBytes), call)),
    }),
  }
}

/** So many, in pieces. */
export async function* bytes(count: number): Chunks {
  const piece = Buffer.alloc(Math.min(count, pieceBytes), 'y')
  for (let left = count; left > 0; left -= piece.length) {
    yield await Promise.resolve(piece.subarray(0, Math.min(left, piece.length)))
  }
}
