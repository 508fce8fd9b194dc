import fs from 'node:fs'
import { promisify } from 'node:util'

/**
 * System calls as promises over the callback API, which costs a third of `fs.promises` per call. Their errors are plain
 * errno errors; `errno.ts` translates them at the edge of whoever uses them.
 */
export const close = promisify(fs.close)
export const fchmod = promisify(fs.fchmod)
export const fchown = promisify(fs.fchown)
export const fstat = promisify(fs.fstat)
export const fsync = promisify(fs.fsync)
export const lstat = promisify(fs.lstat)
export const mkdir = promisify(fs.mkdir)
export const open = promisify(fs.open)
export const read = promisify(fs.read)
export const readdir = promisify(fs.readdir)
export const rename = promisify(fs.rename)
export const rmdir = promisify(fs.rmdir)
export const stat = promisify(fs.stat)
export const statfs = promisify(fs.statfs)
export const unlink = promisify(fs.unlink)
export const write = promisify(fs.write)

/** One call for the whole path; the JavaScript `fs.realpath` makes one per component. */
export const realpath: (path: string) => Promise<string> = promisify(fs.realpath.native)

/** A directory's names as bytes, with what they are: for what must reach every entry, names that are not UTF-8 included. */
export function readdirWithTypes(dir: Buffer): Promise<fs.Dirent<Buffer>[]> {
  return new Promise((resolve, reject) => {
    fs.readdir(dir, { withFileTypes: true, encoding: 'buffer' }, (error, entries) =>
      error === null ? resolve(entries) : reject(error),
    )
  })
}
