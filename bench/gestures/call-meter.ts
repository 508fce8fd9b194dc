import { setTimeout as sleep } from 'node:timers/promises'

import { since, totalOf, type Breakdown, type OperationCounts } from './delayfs/operation-counts.ts'
import { waitedCalls } from './front/interval.ts'
import type { DelayedFront } from './front/start-delayed-front.ts'

export interface CallCount {
  readonly waited: number
  readonly total: number
  /** Of `total`, by operation. */
  readonly breakdown: Breakdown
}

/** Counts what a server asks of the files behind it, for one gesture at a time. */
export interface CallMeter {
  begin(): Promise<void>
  /** The client has what it wanted. */
  end(): Promise<void>
  /** Resolves once the server has delivered everything and is at rest. @throws when it does not get there. */
  settle(): Promise<CallCount>
}

/** A server that has asked for nothing this long is at rest; twelve times as long as a trip takes. */
const restMs = 250
const deliveryLimitMs = 120_000

/** Of a front that tells its own calls and requests; what was waited for is what happened inside a request. */
export function meterFront(front: DelayedFront): CallMeter {
  return {
    begin: async () => {
      await front.tell('clear')
    },
    end: () => Promise.resolve(),
    settle: async () => {
      await front.delivered(deliveryLimitMs)
      const { calls, requests } = await front.tell('report')
      const breakdown = Object.fromEntries(
        Map.groupBy(calls, ({ method }) => method)
          .entries()
          .map(([method, ofMethod]) => [method, ofMethod.length]),
      )
      return { waited: waitedCalls(calls, requests).length, total: calls.length, breakdown }
    },
  }
}

/**
 * Of a server on a delayed file system; what was waited for is what came before the client was done, whoever it was for.
 * @param delivered resolves when the server says that it keeps nothing back any more.
 */
export function meterOperations(counts: OperationCounts, delivered: () => Promise<void>): CallMeter {
  let atBegin: Breakdown = {}
  let waited = 0
  return {
    begin: async () => {
      atBegin = await counts.read()
    },
    end: async () => {
      waited = totalOf(since(atBegin, await counts.read()))
    },
    settle: async () => {
      await delivered()
      const breakdown = since(atBegin, await atRest(counts))
      return { waited, total: totalOf(breakdown), breakdown }
    },
  }
}

async function atRest(counts: OperationCounts): Promise<Breakdown> {
  const deadlineMs = performance.now() + deliveryLimitMs
  for (let last = await counts.read(); performance.now() < deadlineMs;) {
    await sleep(restMs)
    const now = await counts.read()
    if (totalOf(now) === totalOf(last)) return now
    last = now
  }
  throw new Error('the server does not come to rest')
}
