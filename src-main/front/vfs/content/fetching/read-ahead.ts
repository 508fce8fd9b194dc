import { LRUCache } from 'lru-cache'

import type { VfsPath } from '../../path.ts'
import { blockAt, countBlocks, type ByteSpan } from '../blocks.ts'
import type { CachedFile } from '../cached-file.ts'
import type { Fetches } from './fetches.ts'
import { Holder } from './holder.ts'
import { laneBlocks } from './run-ahead.ts'
import { Sequence } from './sequence.ts'

/** Nobody reads more files than that from front to back at once. */
const maxSequences = 256

interface Followed {
  readonly sequence: Sequence
  readonly holder: Holder
}

/** Fetches what the next ranged request will ask for, for clients that read a file in order, request by request. */
export class ReadAhead {
  readonly #fetches: Fetches
  readonly #followed = new LRUCache<VfsPath, Followed>({
    max: maxSequences,
    dispose: ({ holder }) => {
      holder.letGo()
    },
  })

  constructor(fetches: Fetches) {
    this.#fetches = fetches
  }

  /** Takes note of a request for `bytes` of `file`. After a jump, what was on its way for the old place is stopped. */
  note(file: CachedFile, bytes: ByteSpan): void {
    const { sequence, holder } = this.#follow(file.path)
    const aheadBytes = sequence.note(bytes)
    if (aheadBytes === 0) {
      holder.letGo()
      return
    }
    const end = Math.min(countBlocks(file.attributes.size), countBlocks(bytes.end + aheadBytes))
    for (const gap of file.coverage({ first: blockAt(bytes.end), end }, 'near').gaps) {
      for (let first = gap.first; first < gap.end; first += laneBlocks) {
        const span = { first, end: Math.min(first + laneBlocks, gap.end) }
        const lane = this.#fetches.startLane(file, span, holder)
        void lane?.ended.then(() => {
          if (!holder.holdsFetches) holder.letGo()
        })
      }
    }
  }

  #follow(path: VfsPath): Followed {
    const known = this.#followed.get(path)
    if (known !== undefined) return known
    const followed = { sequence: new Sequence(), holder: new Holder(Infinity) }
    this.#followed.set(path, followed)
    return followed
  }
}
