import fs from 'node:fs'
import { promisify } from 'node:util'

/** System calls as promises over the callback API, which costs a third of `fs.promises`. Their errors are errno errors. */
export const close = promisify(fs.close)
export const fchmod = promisify(fs.fchmod)
export const fchown = promisify(fs.fchown)
export const fsync = promisify(fs.fsync)
export const mkdir = promisify(fs.mkdir)
export const open = promisify(fs.open)
export const read = promisify(fs.read)
export const rename = promisify(fs.rename)
export const rmdir = promisify(fs.rmdir)
export const statfs = promisify(fs.statfs)
export const unlink = promisify(fs.unlink)
export const utimes = promisify(fs.utimes)
export const write = promisify(fs.write)

/** One call for the whole path; the JavaScript `fs.realpath` makes one per component. */
export const realpath: (path: string) => Promise<string> = promisify(fs.realpath.native)

type StatsCallback = (error: Error | null, stats: fs.BigIntStats) => void

/** With 64 bits of each number: the file ids of a network file system use them. */
export function lstat(path: string | Buffer): Promise<fs.BigIntStats> {
  return statsOf((done) => fs.lstat(path, { bigint: true }, done))
}

export function fstat(fd: number): Promise<fs.BigIntStats> {
  return statsOf((done) => fs.fstat(fd, { bigint: true }, done))
}

function statsOf(ask: (done: StatsCallback) => void): Promise<fs.BigIntStats> {
  return new Promise((resolve, reject) => {
    ask((error, stats) => (error === null ? resolve(stats) : reject(error)))
  })
}

/** A directory to be read bit by bit, whose names come as bytes: not all that a disk holds is UTF-8. */
export function opendir(path: string, bufferSize: number): Promise<fs.Dir> {
  return new Promise((resolve, reject) => {
    // Node's types know text encodings only.
    const encoding = 'buffer' as BufferEncoding
    fs.opendir(path, { encoding, bufferSize }, (error, dir) =>
      error === null ? resolve(dir) : reject(error),
    )
  })
}

/** All names of a directory, as bytes. */
export function readNames(dir: Buffer): Promise<Buffer[]> {
  return new Promise((resolve, reject) => {
    fs.readdir(dir, 'buffer', (error, names) => (error === null ? resolve(names) : reject(error)))
  })
}
