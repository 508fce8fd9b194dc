/**
 * The AppleDouble file in which a kernel keeps the extended attributes of a file system that has none (xnu bsd/vfs/vfs_xattr.c):
 * a header, one Finder-info entry with an `ATTR` section behind it, an empty resource fork. Numbers are big-endian.
 */
const magic = 0x00051607
const version = 0x00020000
const finderInfoEntry = 9
const resourceForkEntry = 2
const attributeMagic = 'ATTR'
const headerBytes = 26 + 2 * 12
const finderInfoBytes = 32
/** Two bytes of padding stand between the Finder info and the attribute header. */
const attributeHeaderOffset = headerBytes + finderInfoBytes + 2
const attributeHeaderBytes = 36

/** A whole `._` file with these attributes. */
export function encodeAppleDouble(attributes: ReadonlyMap<string, Uint8Array>): Buffer {
  const entries = [...attributes].map(([name, value]) => ({ name: Buffer.from(`${name}\0`), value }))
  const tableBytes = entries.reduce((sum, { name }) => sum + align4(11 + name.length), 0)
  const dataStart = attributeHeaderOffset + attributeHeaderBytes + tableBytes
  const dataBytes = entries.reduce((sum, { value }) => sum + value.length, 0)
  const total = dataStart + dataBytes
  const file = Buffer.alloc(total)

  file.writeUInt32BE(magic, 0)
  file.writeUInt32BE(version, 4)
  file.write('Mac OS X        ', 8, 'latin1')
  file.writeUInt16BE(2, 24)
  writeEntry(file, 26, finderInfoEntry, headerBytes, total - headerBytes)
  writeEntry(file, 38, resourceForkEntry, total, 0)
  file.write(attributeMagic, attributeHeaderOffset, 'latin1')
  file.writeUInt32BE(total, attributeHeaderOffset + 8)
  file.writeUInt32BE(dataStart, attributeHeaderOffset + 12)
  file.writeUInt32BE(dataBytes, attributeHeaderOffset + 16)
  file.writeUInt16BE(entries.length, attributeHeaderOffset + 34)

  let at = attributeHeaderOffset + attributeHeaderBytes
  let dataAt = dataStart
  for (const { name, value } of entries) {
    file.writeUInt32BE(dataAt, at)
    file.writeUInt32BE(value.length, at + 4)
    file.writeUInt8(name.length, at + 10)
    name.copy(file, at + 11)
    file.set(value, dataAt)
    at += align4(11 + name.length)
    dataAt += value.length
  }
  return file
}

/** The attributes in a `._` file; none when it is not one. */
export function decodeAppleDouble(file: Buffer): Map<string, Buffer> {
  const attributes = new Map<string, Buffer>()
  if (file.length < attributeHeaderOffset + attributeHeaderBytes || file.readUInt32BE(0) !== magic)
    return attributes
  const count = file.readUInt16BE(attributeHeaderOffset + 34)
  let at = attributeHeaderOffset + attributeHeaderBytes
  for (let index = 0; index < count; index++) {
    const offset = file.readUInt32BE(at)
    const length = file.readUInt32BE(at + 4)
    const nameBytes = file.readUInt8(at + 10)
    const name = file.toString('utf8', at + 11, at + 11 + nameBytes - 1)
    attributes.set(name, Buffer.from(file.subarray(offset, offset + length)))
    at += align4(11 + nameBytes)
  }
  return attributes
}

/** Where the attributes of `path` are kept: `._name` beside it, `._.` for the root. */
export function appleDoublePath(path: string): string {
  const bare = path.replace(/\/$/, '')
  const cut = bare.lastIndexOf('/')
  const name = bare.slice(cut + 1)
  return `${bare.slice(0, Math.max(0, cut))}/._${name === '' ? '.' : name}`
}

function writeEntry(file: Buffer, at: number, id: number, offset: number, length: number): void {
  file.writeUInt32BE(id, at)
  file.writeUInt32BE(offset, at + 4)
  file.writeUInt32BE(length, at + 8)
}

function align4(bytes: number): number {
  return Math.ceil(bytes / 4) * 4
}
