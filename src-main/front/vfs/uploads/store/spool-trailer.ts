import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { crc32 } from 'node:zlib'

import type { UploadRecord } from '../upload.ts'

/** What is known of a body in the spool, and can be checked against the file. */
export interface SpooledBody {
  /** Bytes of the body alone. */
  readonly size: number
  /** CRC-32 of the body. */
  readonly crc: number
  /** Bytes of the whole file: the body and its trailer. */
  readonly fileBytes: number
}

/** An upload as its spool file tells it: the record is the one it was accepted with. */
export interface SpooledUpload {
  readonly record: UploadRecord
  readonly body: SpooledBody
}

const magic = Buffer.from('mbspool1')
const footerBytes = magic.length + 8
/** A record holds one path and a few numbers; a length beyond this is damage. */
const maxJsonBytes = 1024 * 1024

/**
 * What follows a body in its file, so that the file explains itself when the records are lost: JSON, then a footer of fixed
 * size with a magic, the JSON's length and its CRC-32.
 */
export function encodeTrailer(record: UploadRecord, size: number, crc: number): Uint8Array {
  const text = JSON.stringify({ record, size, crc })
  const jsonBytes = Buffer.byteLength(text)
  const trailer = Buffer.allocUnsafeSlow(jsonBytes + footerBytes)
  trailer.write(text)
  magic.copy(trailer, jsonBytes)
  trailer.writeUInt32LE(jsonBytes, jsonBytes + magic.length)
  trailer.writeUInt32LE(crc32(trailer.subarray(0, jsonBytes)), jsonBytes + magic.length + 4)
  return trailer
}

/** Reads the trailer of a spool file, not its body. @returns undefined when the file is not one that was finished. */
export function readTrailer(path: string): SpooledUpload | undefined {
  const fd = openSync(path, 'r')
  try {
    const fileBytes = fstatSync(fd).size
    const footer = readAt(fd, fileBytes - footerBytes, footerBytes)
    if (footer === undefined || !footer.subarray(0, magic.length).equals(magic)) return undefined
    const jsonBytes = footer.readUInt32LE(magic.length)
    if (jsonBytes > maxJsonBytes) return undefined
    const json = readAt(fd, fileBytes - footerBytes - jsonBytes, jsonBytes)
    if (json === undefined || crc32(json) !== footer.readUInt32LE(magic.length + 4)) return undefined
    // The checksum vouches for it: this is what `encodeTrailer` wrote.
    const { record, size, crc } = JSON.parse(json.toString()) as Parsed
    return size === fileBytes - footerBytes - jsonBytes
      ? { record, body: { size, crc, fileBytes } }
      : undefined
  } finally {
    closeSync(fd)
  }
}

interface Parsed {
  readonly record: UploadRecord
  readonly size: number
  readonly crc: number
}

function readAt(fd: number, position: number, length: number): Buffer | undefined {
  if (position < 0) return undefined
  const buffer = Buffer.alloc(length)
  return readSync(fd, buffer, 0, length, position) === length ? buffer : undefined
}
