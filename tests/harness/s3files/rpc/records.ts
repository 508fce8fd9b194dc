/** One RPC message over TCP (RFC 5531, section 11). */
export interface RpcRecord {
  /** As it came, with the marks of its fragments: what is forwarded untouched. */
  readonly raw: Buffer
  /** The message itself, its fragments joined. */
  readonly message: Buffer
}

const lastFragmentBit = 0x8000_0000
/** NFS moves 1 MiB at a time, and efs-proxy takes 4 KiB more. */
export const maxRecordBytes = 1024 * 1024 + 4096

/** Cuts one direction of a connection into records, however TCP has cut it into chunks. */
export class RecordReader {
  #chunks: Buffer[] = []
  #length = 0
  #neededLength = 4

  /** The records that `chunk` completes. @throws RangeError when a record is larger than any NFS message. */
  push(chunk: Buffer): RpcRecord[] {
    this.#chunks.push(chunk)
    this.#length += chunk.length
    const records: RpcRecord[] = []
    while (this.#length >= this.#neededLength) {
      const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks)
      const { record, neededLength } = firstRecord(bytes)
      const rest = record === undefined ? bytes : bytes.subarray(record.raw.length)
      this.#chunks = [rest]
      this.#length = rest.length
      this.#neededLength = neededLength
      if (record !== undefined) records.push(record)
    }
    return records
  }
}

/** `message` as a record of one fragment, which is all that efs-proxy reads. */
export function toRecord(message: Buffer): Buffer {
  const mark = Buffer.alloc(4)
  mark.writeUInt32BE(lastFragmentBit + message.length)
  return Buffer.concat([mark, message])
}

function firstRecord(bytes: Buffer): { readonly record?: RpcRecord; readonly neededLength: number } {
  const fragments: Buffer[] = []
  for (let offset = 0; ;) {
    if (bytes.length < offset + 4) return { neededLength: offset + 4 }
    const mark = bytes.readUInt32BE(offset)
    const isLast = mark >= lastFragmentBit
    const end = offset + 4 + (isLast ? mark - lastFragmentBit : mark)
    if (end > maxRecordBytes) throw new RangeError('RPC record too large')
    if (bytes.length < end) return { neededLength: end }
    fragments.push(bytes.subarray(offset + 4, end))
    offset = end
    if (!isLast) continue
    const message = fragments.length === 1 ? fragments[0]! : Buffer.concat(fragments)
    return { record: { raw: bytes.subarray(0, end), message }, neededLength: 4 }
  }
}
