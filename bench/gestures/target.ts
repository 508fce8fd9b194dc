import type { Breakdown } from './delayfs/operation-counts.ts'
import { bigFileBytes } from './tree.ts'

/** What one gesture took on one server: the medians of its rounds. */
export interface Figures {
  /** While the client waited for the gesture to end. */
  readonly seconds: number
  /** Calls the client may have waited for. */
  readonly waitedCalls: number
  /** Calls until everything was delivered. */
  readonly totalCalls: number
  /** HTTP requests of the client. */
  readonly requests: number
  /** From the gesture's beginning until everything was delivered. */
  readonly deliveredSeconds: number
}

/** Something to reach, in words and as a decision. `breakdown` is of all calls of the round that made most. */
export interface Target {
  readonly text: string
  measured(figures: Figures): string
  isReached(figures: Figures, breakdown: Breakdown): boolean
}

export function atMostCalls({
  waited = Infinity,
  total = Infinity,
}: {
  waited?: number
  total?: number
}): Target {
  const limits = [
    ...(waited === Infinity ? [] : [`≤ ${waited} waited`]),
    ...(total === Infinity ? [] : [`≤ ${total} total`]),
  ]
  return {
    text: limits.join(', '),
    measured: ({ waitedCalls, totalCalls }) => `${waitedCalls} waited, ${totalCalls} total`,
    isReached: ({ waitedCalls, totalCalls }) => waitedCalls <= waited && totalCalls <= total,
  }
}

export function atMostAttributeChecks(limit: number): Target {
  return {
    text: `≤ ${limit} attribute check, no read`,
    measured: ({ totalCalls }) => `${totalCalls} calls`,
    isReached: ({ totalCalls }, breakdown) =>
      totalCalls <= limit && Object.keys(breakdown).every((operation) => operation === 'stat'),
  }
}

/** Of the 100 MB file, in the client's time. */
export function atLeastMegabytesPerSecond(limit: number): Target {
  const speedOf = ({ seconds }: Figures): number => bigFileBytes / 1e6 / seconds
  return {
    text: `≥ ${limit} MB/s`,
    measured: (figures) => `${Math.round(speedOf(figures))} MB/s`,
    isReached: (figures) => speedOf(figures) >= limit,
  }
}
