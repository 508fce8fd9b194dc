import { namesOf, type VfsPath } from '../vfs/path.ts'

const plainName = /^[A-Za-z0-9._~!*'()-]*$/

/**
 * One path component, percent-encoded to ASCII. `&` is encoded too: it would need an XML entity in a listing,
 * and macOS's parser keeps only the text before the first entity.
 */
export function encodeName(name: string): string {
  return plainName.test(name) ? name : encodeURIComponent(name)
}

/** `path` percent-encoded, no trailing slash, empty for the root. */
export function encodePath(path: VfsPath): string {
  return namesOf(path)
    .map((name) => `/${encodeName(name)}`)
    .join('')
}
