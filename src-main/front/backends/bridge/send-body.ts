import { orAborted } from '../../files/abort.ts'
import type { Chunks } from '../../vfs/backend.ts'
import type { BridgeCall } from './bridge-call.ts'

/**
 * Sends `body` chunk by chunk, each out of hand before the next is asked for. An abort while waiting for either ends it, and the body
 * with it.
 * @throws AppError `cancelled`, `stalled`, and what `body` throws.
 */
export async function sendBody(call: BridgeCall, body: Chunks, signal: AbortSignal): Promise<void> {
  const source = body[Symbol.asyncIterator]()
  let isOver = false
  const answered = call.answered.then(
    () => true as const,
    () => true as const,
  )
  try {
    for (;;) {
      const step = await orAborted(Promise.race([source.next(), answered]), signal)
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
