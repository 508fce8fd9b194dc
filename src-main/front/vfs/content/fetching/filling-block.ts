/** A block whose bytes are arriving. What has arrived never changes, so it may be handed out before the rest is there. */
export class FillingBlock {
  readonly number: number
  readonly #bytes: Buffer
  #filled = 0

  constructor(number: number, length: number) {
    this.number = number
    this.#bytes = Buffer.allocUnsafeSlow(length)
  }

  get length(): number {
    return this.#bytes.length
  }

  get filled(): number {
    return this.#filled
  }

  get isFull(): boolean {
    return this.#filled === this.#bytes.length
  }

  /** What is there so far. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#filled)
  }

  /** Copies as much of `chunk` as there is place for. @returns how many bytes that were. */
  add(chunk: Uint8Array): number {
    const taken = Math.min(chunk.length, this.#bytes.length - this.#filled)
    this.#bytes.set(chunk.subarray(0, taken), this.#filled)
    this.#filled += taken
    return taken
  }
}
