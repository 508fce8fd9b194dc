/** Where a drive begins within a bucket. Each part may have slashes at its ends or not. */
export interface KeyPlace {
  /** Of the bucket, as the file system shows it; empty for all of it. */
  readonly prefix: string
  /** Of the access point, where it has a root of its own. */
  readonly rootDirectory?: string | undefined
  /** The folder that the drive shows. */
  readonly remotePath: string
}

/** What stands before a drive's paths to make keys of them: empty, or with a slash at its end. */
export function keyPrefixOf({ prefix, rootDirectory = '', remotePath }: KeyPlace): string {
  const parts = [prefix, rootDirectory, remotePath].map((part) => part.replace(/^\/+|\/+$/g, ''))
  return parts.map((part) => (part === '' ? '' : `${part}/`)).join('')
}

/** @param path as the front has it. */
export function keyOf(keyPrefix: string, path: string): string {
  return keyPrefix + path.replace(/^\//, '')
}

/** All of a key up to its last slash: what a listing of its folder begins with. */
export function folderOfKey(key: string): string {
  return key.slice(0, key.lastIndexOf('/') + 1)
}

/** S3's order of keys. */
export function compareKeys(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other))
}

/** A key that comes before `key` in its folder, with little in between: listings begin after a key. */
export function justBefore(key: string): string {
  return key.replace(/.$/su, '')
}
