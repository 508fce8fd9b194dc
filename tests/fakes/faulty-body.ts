import type { Chunks } from '../../src-main/front/vfs/backend.ts'
import { AppError } from '../../src-main/shared/errors.ts'
import type { ActiveEffect } from './fault-backend.ts'

interface Waits {
  readonly pause: (ms: number) => Promise<void>
  readonly until: (lifted: Promise<unknown>) => Promise<void>
}

/** `body` with what `effects` do to bodies; the same object when they do nothing. */
export function faultyBody(body: Chunks, effects: readonly ActiveEffect[], waits: Waits): Chunks {
  return effects.reduce((inner, active) => withEffect(inner, active, waits), body)
}

function withEffect(body: Chunks, { effect, lifted }: ActiveEffect, waits: Waits): Chunks {
  switch (effect.kind) {
    case 'short-read':
      return upTo(body, effect.afterBytes, () => Promise.resolve(false))
    case 'disconnect':
      return upTo(body, effect.afterBytes, () => Promise.reject(new AppError(effect.code)))
    case 'body-stall':
      return upTo(body, effect.afterBytes, () => waits.until(lifted).then(() => true))
    case 'drip':
      return drip(body, effect.chunkBytes, () => Promise.race([waits.pause(effect.everyMs), lifted]))
    case 'latency':
    case 'stall':
    case 'error':
    case 'lost-answer':
      return body
  }
}

/**
 * After `limitBytes`, or at its end where that comes earlier, `body` goes on only if `goesOn` says so; asked once.
 * A body of its own length is met too: a save can break off after its last byte.
 */
async function* upTo(body: Chunks, limitBytes: number, goesOn: () => Promise<boolean>): Chunks {
  let leftBytes = limitBytes
  let isAsked = false
  for await (const chunk of body) {
    if (isAsked || chunk.length < leftBytes) {
      leftBytes -= chunk.length
      yield chunk
      continue
    }
    if (leftBytes > 0) yield chunk.subarray(0, leftBytes)
    isAsked = true
    if (!(await goesOn())) return
    if (leftBytes < chunk.length) yield chunk.subarray(leftBytes)
  }
  if (!isAsked) await goesOn()
}

async function* drip(body: Chunks, chunkBytes: number, pause: () => Promise<unknown>): Chunks {
  for await (const chunk of body) {
    for (let start = 0; start < chunk.length; start += chunkBytes) {
      await pause()
      yield chunk.subarray(start, start + chunkBytes)
    }
  }
}
