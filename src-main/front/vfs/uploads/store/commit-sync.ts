import { closeSync, fsyncSync, openSync } from 'node:fs'

import { fsync } from '../../../files/fs-calls.ts'

/**
 * Puts on the disk what a database in WAL mode has committed. SQLite would do so within each commit, and all else would stand still
 * until the disk is done. Told not to (`synchronous = NORMAL`), it still syncs what a checkpoint needs.
 */
export class CommitSync implements AsyncDisposable {
  readonly #logPath: string
  #fd: number | undefined
  #running: Promise<void> = Promise.resolve()
  #next: Promise<void> | undefined

  constructor(databasePath: string) {
    this.#logPath = `${databasePath}-wal`
  }

  /** At once, holding up everything. Throws errno errors, as does `soon`. */
  now(): void {
    fsyncSync(this.#openLog())
  }

  /** Resolves when all that was committed before the call is on the disk. Whoever asks at the same time shares the work. */
  soon(): Promise<void> {
    // What is under way may have begun before the commit that is asked for.
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined
        this.#running = fsync(this.#openLog())
        return this.#running
      })
    return this.#next
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (this.#next ?? this.#running).catch(() => undefined)
    if (this.#fd !== undefined) closeSync(this.#fd)
  }

  /** SQLite makes the log with the first commit, and keeps it for as long as the database is open. */
  #openLog(): number {
    this.#fd ??= openSync(this.#logPath, 'r')
    return this.#fd
  }
}
