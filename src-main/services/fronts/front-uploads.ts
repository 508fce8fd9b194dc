import { AppError } from '../../shared/errors.ts'
import type { FrontCommandInput, FrontEvent } from '../../shared/front-protocol.ts'
import type { FrontChannel } from './front-channel.ts'

export type UploadsReport = Extract<FrontEvent, { type: 'uploads' }>

/** What can be asked of the uploads of a front. All reject with `front-timeout` or `front-died` when no answer comes. */
export interface FrontUploads {
  /** Those that need attention first, then the oldest; of very many the first only, while `totals` counts them all. */
  uploads(): Promise<UploadsReport>
  /** @throws AppError `upload-unknown`. */
  retryUpload(id: number): Promise<void>
  /** @throws AppError `upload-unknown`. */
  discardUpload(id: number): Promise<void>
  /** Resolves when the file is whole. @throws AppError `upload-unknown`, `already-exists`, `no-space`, `permission-denied`, `parent-missing`. */
  exportUpload(id: number, destinationPath: string): Promise<void>
}

/** A body on another disk is copied, and may have gigabytes. */
const exportTimeoutMs = 30 * 60_000

export function frontUploads(channel: FrontChannel, timeoutMs: number): FrontUploads {
  const act = async (
    command: Extract<FrontCommandInput, { id: number }>,
    limitMs = timeoutMs,
  ): Promise<void> => {
    const answered = channel.expect(['upload-answer'], {
      timeoutMs: limitMs,
      where: ({ id }) => id === command.id,
    })
    channel.send(command)
    const { error } = await answered
    if (error !== undefined) throw new AppError(error.code, error.args)
  }
  return {
    uploads: async () => {
      const answered = channel.expect(['uploads'], { timeoutMs })
      channel.send({ type: 'uploads' })
      return await answered
    },
    retryUpload: (id) => act({ type: 'upload-retry', id }),
    discardUpload: (id) => act({ type: 'upload-discard', id }),
    exportUpload: (id, destinationPath) =>
      act({ type: 'upload-export', id, destinationPath }, exportTimeoutMs),
  }
}
