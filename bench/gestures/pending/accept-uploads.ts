import { setTimeout as sleep } from 'node:timers/promises'

import { buildHead, HttpClient } from '../../lib/http-client.ts'
import { macosUserAgent } from '../../protocol/user-agents.ts'
import type { DelayedFront } from '../front/start-delayed-front.ts'

const answerLimitMs = 5_000

/** The name of each upload's file, in the order in which they are accepted. */
export function uploadName(index: number): string {
  return `upload-${String(index).padStart(6, '0')}`
}

/** What stands in it: its own name, so that none can be taken for another. */
export function uploadBody(index: number): Buffer {
  return Buffer.alloc(1024, uploadName(index))
}

/**
 * Saves `count` files one after the other, so that there is one order in which they were accepted.
 * @throws when one is not answered 201 or, because the front waits for its backend, not answered at all.
 */
export async function acceptUploads(front: DelayedFront, count: number, signal: AbortSignal): Promise<void> {
  using client = await HttpClient.open(front.port, signal)
  const basePath = new URL(front.url).pathname
  for (let index = 0; index < count; index++) {
    const body = uploadBody(index)
    const head = buildHead({
      method: 'PUT',
      target: `${basePath}${uploadName(index)}`,
      port: front.port,
      headers: { 'User-Agent': macosUserAgent, 'Content-Length': String(body.length) },
    })
    const answer = await orTooLate(client.send({ head, body: { piece: body, times: 1 } }), signal)
    if (answer.status !== 201) throw new Error(`a save was answered ${answer.status}`)
  }
}

async function orTooLate<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  const answered = new AbortController()
  const tooLate = sleep(answerLimitMs, undefined, {
    signal: AbortSignal.any([answered.signal, signal]),
  }).then(() => {
    throw new Error('a save is answered only when the backend has it, so nothing can be pending')
  })
  answer.catch(() => undefined)
  try {
    return await Promise.race([answer, tooLate])
  } finally {
    answered.abort()
    tooLate.catch(() => undefined)
  }
}
