import { crc32 } from 'node:zlib'

/** Values as rows hold them: JSON, and a checksum over it and the row's key, since SQLite has none of its own. */
export class CheckedJson<T> {
  encode(key: number | string, value: T): { readonly text: string; readonly checksum: number } {
    const text = JSON.stringify(value)
    return { text, checksum: checksumOf(key, text) }
  }

  /** What was encoded for this key; undefined when the row is not what was written. */
  decode(key: number | string, text: unknown, checksum: unknown): T | undefined {
    if (typeof text !== 'string' || checksumOf(key, text) !== Number(checksum)) return undefined
    // The checksum vouches for it: this text came from `encode`.
    return JSON.parse(text) as T
  }
}

function checksumOf(key: number | string, text: string): number {
  return crc32(`${key}\n${text}`)
}
