import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'

// The write-ahead log as sqlite.org/fileformat2.html describes it: a header, then frames of a header and one page each.
const logHeaderBytes = 32
const logSaltOffset = 16
const frameHeaderBytes = 24
/** The size of the database after a commit, in the last frame of each; 0 in all others. */
const frameCommitOffset = 4
const frameSaltOffset = 8
const saltBytes = 8

/**
 * True when the write-ahead log of a database just opened holds commits that SQLite did not take. It ends the log at the first
 * frame whose checksum fails and says nothing, so one flipped bit can undo commits that were answered for. A process killed in the
 * middle of a commit leaves frames, too, but not all of the last one, which makes them a commit: nobody was answered for those.
 * To be asked before anything is written.
 */
export function mayLackCommits(database: DatabaseSync, databasePath: string): boolean {
  const logPath = `${databasePath}-wal`
  if (!existsSync(logPath)) return false
  const pageBytes = Number(database.prepare('PRAGMA page_size').get()?.['page_size'])
  const written = committedFrames(logPath, pageBytes)
  const taken = Number(database.prepare('PRAGMA wal_checkpoint(PASSIVE)').get()?.['log'])
  return written > Math.max(0, taken)
}

/** What is written next begins an empty log: over frames of an earlier round, half a frame would look like a damaged one. */
export function emptyLog(database: DatabaseSync): void {
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
}

/** Frames up to the last commit of the log's present round: each round has salts of its own, and leaves those of earlier rounds behind it. */
function committedFrames(logPath: string, pageBytes: number): number {
  const fd = openSync(logPath, 'r')
  try {
    // One of the two may be damaged itself.
    const salts = new Set([saltAt(fd, logSaltOffset), saltAt(fd, logHeaderBytes + frameSaltOffset)])
    const frameBytes = frameHeaderBytes + pageBytes
    const wholeFrames = Math.floor((fstatSync(fd).size - logHeaderBytes) / frameBytes)
    let count = 0
    for (let index = 0; index < wholeFrames; index += 1) {
      const frameAt = logHeaderBytes + index * frameBytes
      if (salts.has(saltAt(fd, frameAt + frameSaltOffset)) && isCommit(fd, frameAt)) count = index + 1
    }
    return count
  } finally {
    closeSync(fd)
  }
}

function saltAt(fd: number, position: number): string | undefined {
  const salt = Buffer.alloc(saltBytes)
  return readSync(fd, salt, 0, saltBytes, position) === saltBytes ? salt.toString('hex') : undefined
}

function isCommit(fd: number, frameAt: number): boolean {
  const size = Buffer.alloc(4)
  return (
    readSync(fd, size, 0, size.length, frameAt + frameCommitOffset) === size.length &&
    size.readUInt32BE() !== 0
  )
}
