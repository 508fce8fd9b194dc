/** `PATH_MAX` without its final NUL. */
const maxPathBytes = process.platform === 'darwin' ? 1_023 : 4_095

/** The name of the temporary file that a write goes to first is that much longer than the file's own at most. */
const spareBytes = 64

/** How long a path below `rootDir` may be, without its leading slash: what is longer no call of the system takes. */
export function maxPathBytesBelow(rootDir: string): number {
  return maxPathBytes - spareBytes - Buffer.byteLength(rootDir) - 1
}
