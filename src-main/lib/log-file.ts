import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

import type { LogSink } from './logger.ts'

export interface LogFileOptions {
  readonly filePath: string
  /** A file that has reached it is renamed to `<filePath>.1` (replacing the one before) and a new one begun. */
  readonly maxBytes: number
}

/**
 * Appends lines to a file of mode 0600 that several processes may share. Written at once and synchronously: the last line
 * before a crash is the one that matters, and entries are rare. A log that cannot be written never fails its writer.
 */
export function createLogFile({ filePath, maxBytes }: LogFileOptions): LogSink {
  return (line) => {
    try {
      mkdirSync(dirname(filePath), { recursive: true, mode: 0o700 })
      if (sizeOf(filePath) >= maxBytes) renameSync(filePath, `${filePath}.1`)
      appendFileSync(filePath, `${line}\n`, { mode: 0o600 })
    } catch {
      // A full disk or a lost folder: there is nowhere left to say so.
    }
  }
}

function sizeOf(filePath: string): number {
  return statSync(filePath, { throwIfNoEntry: false })?.size ?? 0
}
