const maxNameBytes = 255
const maxKeyBytes = 1024

/** Below a prefix, the key of a file is its path; that of a directory has a slash behind it. */
export function isDirectoryKey(key: string): boolean {
  return key.endsWith('/')
}

/** The path that a key names, without a slash at its end. */
export function pathOfKey(key: string): string {
  return isDirectoryKey(key) ? key.slice(0, -1) : key
}

/** Whether S3 Files shows an object of this key; the others exist in the bucket only. */
export function isImportable(key: string): boolean {
  return pathOfKey(key)
    .split('/')
    .every(
      (name) =>
        name !== '' &&
        name !== '.' &&
        name !== '..' &&
        !name.includes('\0') &&
        Buffer.byteLength(name) <= maxNameBytes,
    )
}

/** Whether S3 takes this key; files whose path is longer stay on the file system. */
export function isExportable(key: string): boolean {
  return Buffer.byteLength(key) <= maxKeyBytes
}

/** `a/b/` and `a/` for `a/b/c` and for `a/b/c/`. */
export function parentKeys(key: string): string[] {
  const names = pathOfKey(key).split('/').slice(0, -1)
  return names.map((_, index) => `${names.slice(0, index + 1).join('/')}/`)
}
