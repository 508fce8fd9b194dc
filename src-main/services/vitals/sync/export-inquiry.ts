import type { Clock } from '../../../lib/clock.ts'
import type { Logger } from '../../../lib/logger.ts'
import { isAppError } from '../../../shared/errors.ts'
import type { ExportFacts } from '../ports.ts'
import { overdueMs } from './arrival.ts'
import type { DeliveredFile } from './file-on-its-way.ts'
import type { FilesOnTheirWay } from './files-on-their-way.ts'

export interface InquiryDeps {
  readonly files: FilesOnTheirWay
  /** Absent for drives without a bridge. */
  readonly exportStatusOf:
    ((path: string, signal: AbortSignal) => Promise<ExportFacts | undefined>) | undefined
  readonly clock: Clock
  readonly log: Logger
}

/** Each costs the agent a program and S3 Files a metadata read. */
const perMinute = 6

/** Asks S3 Files itself about files that should have been in S3 long ago: whether it has given up on them, and whether they are still there. */
export class ExportInquiry {
  readonly #deps: InquiryDeps
  #asked: number[] = []

  constructor(deps: InquiryDeps) {
    this.#deps = deps
  }

  /** Tells `files` what it finds out; nothing of a file that is not overdue. Never rejects. */
  async ask(file: DeliveredFile, signal: AbortSignal): Promise<void> {
    const { files, exportStatusOf, clock, log } = this.#deps
    const nowMs = clock.now()
    if (exportStatusOf === undefined || nowMs - file.deliveredMs < overdueMs || !this.#may()) return
    try {
      const status = await exportStatusOf(file.path, signal)
      if (status?.exportError !== undefined) files.refused(file, status.exportError, clock.now())
    } catch (error) {
      if (isAppError(error, 'not-found')) files.drop(file)
      else log.debug('vitals', 'export status not asked', { error })
    }
  }

  #may(): boolean {
    const nowMs = this.#deps.clock.monotonicMs()
    this.#asked = this.#asked.filter((atMs) => atMs > nowMs - 60_000)
    if (this.#asked.length >= perMinute) return false
    this.#asked.push(nowMs)
    return true
  }
}
