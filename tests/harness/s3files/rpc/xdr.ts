/** Reads XDR (RFC 4506) from the front. Everything throws a RangeError where the bytes end too soon. */
export class XdrReader {
  readonly #bytes: Buffer
  #offset: number

  constructor(bytes: Buffer, offset = 0) {
    this.#bytes = bytes
    this.#offset = offset
  }

  get offset(): number {
    return this.#offset
  }

  uint32(): number {
    const value = this.#bytes.readUInt32BE(this.#offset)
    this.#offset += 4
    return value
  }

  fixed(length: number): Buffer {
    const end = this.#offset + padded(length)
    if (end > this.#bytes.length) throw new RangeError('XDR data ends too soon')
    const value = this.#bytes.subarray(this.#offset, this.#offset + length)
    this.#offset = end
    return value
  }

  opaque(): Buffer {
    return this.fixed(this.uint32())
  }

  /** The elements one by one, so that a count that lies runs into the end and not into memory. */
  array<T>(read: () => T): T[] {
    const values: T[] = []
    for (let left = this.uint32(); left > 0; left -= 1) values.push(read())
    return values
  }
}

export function uint32s(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  values.forEach((value, index) => bytes.writeUInt32BE(value, index * 4))
  return bytes
}

export function opaque(value: Buffer): Buffer {
  return Buffer.concat([uint32s(value.length), value, Buffer.alloc(padded(value.length) - value.length)])
}

function padded(length: number): number {
  return Math.ceil(length / 4) * 4
}
