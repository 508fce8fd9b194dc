import type { AppError, ErrorCode } from '../../../shared/errors.ts'

/** Failures that time may heal. Everything else needs a person, however often it is tried. */
const transientCodes: ReadonlySet<ErrorCode> = new Set([
  'stalled',
  'backend-failed',
  'busy',
  'cancelled',
  'no-space',
])

/** Failures that leave open whether the change happened at the backend; all others say that it did not. */
const openEndedCodes: ReadonlySet<ErrorCode> = new Set([
  'stalled',
  'backend-failed',
  'cancelled',
  'unexpected',
])

interface Pauses {
  readonly firstMs: number
  readonly longestMs: number
}

const ordinaryPauses: Pauses = { firstMs: 1_000, longestMs: 60_000 }
/** Somebody has to make room first; each attempt sends the whole body for nothing. */
const fullPauses: Pauses = { firstMs: 30_000, longestMs: 600_000 }

export function isTransient({ code }: AppError): boolean {
  return transientCodes.has(code)
}

export function isOpenEnded({ code }: AppError): boolean {
  return openEndedCodes.has(code)
}

/**
 * How long to wait after failure number `failures` (1 is the first): doubling up to a longest pause, less a random part of
 * up to a half, so that many that failed together do not come back together. `random` yields 0 to 1, as `Math.random`.
 */
export function pauseMs({ code }: AppError, failures: number, random: () => number): number {
  const { firstMs, longestMs } = code === 'no-space' ? fullPauses : ordinaryPauses
  const ceilingMs = Math.min(longestMs, firstMs * 2 ** (failures - 1))
  return Math.round(ceilingMs - (ceilingMs / 2) * random())
}
