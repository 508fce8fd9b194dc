/** A file's content that says which file and version it is, all the way through: no piece and no mixture of two looks like one. */
export function contentOf(name: string, version: number, size: number): Buffer {
  return Buffer.alloc(size, `${name} ${version} ${size}\n`)
}

/** Which version of the file `name` this is. @throws when it is none, or not a whole one. */
export function versionOf(name: string, content: Buffer): number {
  const line = content.toString('latin1', 0, Math.max(0, content.indexOf('\n')))
  const [said, version, size] = line.split(' ')
  if (said !== name)
    throw new Error(`not a version of ${name}: ${content.length} bytes of "${line.slice(0, 60)}"`)
  if (!content.equals(contentOf(name, Number(version), Number(size)))) {
    throw new Error(`version ${version} of ${name} is torn: ${content.length} bytes of ${size}`)
  }
  return Number(version)
}
