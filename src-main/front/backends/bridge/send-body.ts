import { AppError } from '../../../shared/errors.ts'
import { orAborted } from '../../files/abort.ts'
import type { Chunks } from '../../vfs/backend.ts'
import type { BridgeCall } from './bridge-call.ts'

/**
 * Sends `body` chunk by chunk, each out of hand before the next is asked for, once the agent has said that it will take them. An abort
 * ends it, and the body with it.
 * @throws AppError `cancelled`, `stalled`; the body's own AppError, `body-incomplete` for any other error of it.
 */
export async function sendBody(call: BridgeCall, body: Chunks, signal: AbortSignal): Promise<void> {
  if (!(await orAborted(call.isInvited(), signal))) return
  const source = body[Symbol.asyncIterator]()
  let isOver = false
  const answered = call.answered.then(
    () => true as const,
    () => true as const,
  )
  try {
    for (;;) {
      const step = await orAborted(Promise.race([nextOf(source), answered]), signal)
      if (step === true) return
      if (step.done === true) {
        isOver = true
        call.end()
        return
      }
      await orAborted(Promise.race([call.write(step.value), answered]), signal)
    }
  } finally {
    // Not waited for: a body that stands still in `next` would not answer here either.
    if (!isOver) void source.return?.().then(undefined, () => undefined)
  }
}

async function nextOf(source: AsyncIterator<Uint8Array>): Promise<IteratorResult<Uint8Array>> {
  try {
    return await source.next()
  } catch (error) {
    throw error instanceof AppError ? error : new AppError('body-incomplete', {}, { cause: error })
  }
}
