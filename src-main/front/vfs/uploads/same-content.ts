import type { Attributes, Call, Chunks } from '../backend.ts'
import type { LiveUpload } from './pending-index.ts'
import type { QueueParts } from './queue-parts.ts'

/**
 * The attributes of what is at the upload's path if its bytes are those of `upload`, else undefined: a delivery whose answer
 * was lost, or somebody who wrote the same. `there` is what was just seen; a different size saves the reading.
 */
export async function asDelivered(
  { backend, store }: QueueParts,
  { record: { id, path, promised } }: LiveUpload,
  there: Attributes,
  call: Call,
): Promise<Attributes | undefined> {
  if (there.kind !== 'file' || there.size !== promised.size) return undefined
  if (there.size === 0) return there
  const theirs = await backend.read(path, undefined, call)
  try {
    if (theirs.attributes.size !== promised.size) return undefined
    const ours = await store.read(id, undefined, call)
    try {
      return (await areEqual(ours.body, theirs.body)) ? theirs.attributes : undefined
    } finally {
      await ours.close()
    }
  } finally {
    await theirs.close()
  }
}

/** Compares two streams whose chunks are cut differently, holding one chunk of each. */
export async function areEqual(one: Chunks, other: Chunks): Promise<boolean> {
  const left = one[Symbol.asyncIterator]()
  const right = other[Symbol.asyncIterator]()
  try {
    let ours = await nextOf(left)
    let theirs = await nextOf(right)
    while (ours !== undefined && theirs !== undefined) {
      const length = Math.min(ours.length, theirs.length)
      if (Buffer.compare(ours.subarray(0, length), theirs.subarray(0, length)) !== 0) return false
      ours = ours.length > length ? ours.subarray(length) : await nextOf(left)
      theirs = theirs.length > length ? theirs.subarray(length) : await nextOf(right)
    }
    return ours === undefined && theirs === undefined
  } finally {
    await left.return?.()
    await right.return?.()
  }
}

/** The next chunk that has bytes. */
async function nextOf(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array | undefined> {
  for (;;) {
    const step = await chunks.next()
    if (step.done === true) return undefined
    if (step.value.length > 0) return step.value
  }
}
