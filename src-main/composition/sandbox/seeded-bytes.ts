const chunkBytes = 1 << 20

/** `length` bytes that look random and are the same for the same `seed` (xorshift32), in chunks of at most 1 MiB. */
export function* seededBytes(seed: number, length: number): Generator<Uint8Array> {
  let state = seed | 0 || 1
  for (let done = 0; done < length; done += chunkBytes) {
    const words = new Uint32Array(chunkBytes / 4)
    for (let index = 0; index < words.length; index += 1) {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      words[index] = state
    }
    yield new Uint8Array(words.buffer, 0, Math.min(chunkBytes, length - done))
  }
}
