import { AppError, toAppError } from '../../shared/errors.ts'
import type { FrontCommand } from '../../shared/front-protocol.ts'
import type { UploadQueue } from '../vfs/uploads/upload-queue.ts'
import type { Say } from './say.ts'
import { uploadsEvent } from './upload-report.ts'

const answeredTypes = ['uploads', 'upload-retry', 'upload-discard', 'upload-export'] as const

/** What a peer may ask of the uploads. */
export type UploadCommand = Extract<FrontCommand, { type: (typeof answeredTypes)[number] }>

export function isUploadCommand(command: FrontCommand): command is UploadCommand {
  return (answeredTypes as readonly string[]).includes(command.type)
}

/**
 * Does what a peer asks of the uploads and says how it went. Returns at once: an export of gigabytes must not keep the peer's
 * next command waiting.
 */
export function answerUploadCommand(command: UploadCommand, queue: UploadQueue, say: Say): void {
  switch (command.type) {
    case 'uploads':
      say(uploadsEvent(queue))
      break
    case 'upload-retry':
      void answer(command.id, say, () => queue.retry(command.id))
      break
    case 'upload-discard':
      void answer(command.id, say, () => queue.discard(command.id))
      break
    case 'upload-export':
      void answer(command.id, say, () => queue.exportTo(command.id, absolute(command.destinationPath)))
  }
}

async function answer(id: number, say: Say, action: () => void | Promise<void>): Promise<void> {
  try {
    await action()
    say({ type: 'upload-answer', id })
  } catch (error) {
    say({ type: 'upload-answer', id, error: toAppError(error).toJSON() })
  }
}

/** A front's own folder is nowhere a person has been: a relative path would put the file where nobody looks. */
function absolute(path: string): string {
  if (!path.startsWith('/')) throw new AppError('message-invalid', { reason: 'the path is not absolute' })
  return path
}
