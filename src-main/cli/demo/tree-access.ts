/**
 * The tree of a drive as a client sees it, for the checks of `demo --once`: the mounted volume where there is one, WebDAV where
 * not. Paths are relative and separated by `/`. Each call ends with the signal at the latest.
 */
export interface TreeAccess {
  list(dir: string, signal: AbortSignal): Promise<readonly string[]>
  read(path: string, signal: AbortSignal): Promise<Uint8Array>
  /** SHA-256 as hex, without holding the file in memory. */
  checksum(path: string, signal: AbortSignal): Promise<string>
  /** Creates the file, or replaces its content. */
  write(path: string, content: Uint8Array, signal: AbortSignal): Promise<void>
  rename(from: string, to: string, signal: AbortSignal): Promise<void>
  removeFile(path: string, signal: AbortSignal): Promise<void>
  makeFolder(path: string, signal: AbortSignal): Promise<void>
  /** The folder is empty. */
  removeFolder(path: string, signal: AbortSignal): Promise<void>
}
