import type { Clock } from '../../../lib/clock.ts'
import { AppError } from '../../../shared/errors.ts'

/** What AWS is known to forgive everywhere; at some of its services it is 15 minutes. */
const toleratedMs = 5 * 60_000

/** How far this machine's clock is from AWS's, by the `Date` of AWS's own answers. */
export interface ClockSkew {
  /** Takes note of an answer that has just come. A header that is no date is passed over. */
  observe(dateHeader: string | undefined): void
  /** Positive when AWS is ahead; `undefined` before the first answer. Exact to a second and the way of the answer. */
  readonly skewMs: number | undefined
  /** `clock-skewed` when the clocks differ by more than AWS tolerates. */
  asError(cause?: unknown): AppError | undefined
}

export function createClockSkew(clock: Clock): ClockSkew {
  let skewMs: number | undefined
  return {
    observe: (dateHeader) => {
      const timeMs = dateHeader === undefined ? NaN : Date.parse(dateHeader)
      if (!Number.isNaN(timeMs)) skewMs = timeMs - clock.now()
    },
    get skewMs() {
      return skewMs
    },
    asError: (cause) =>
      skewMs === undefined || Math.abs(skewMs) < toleratedMs ? undefined : clockSkewed(skewMs, cause),
  }
}

/** For a refusal that names the time itself. @param skewMs as far as it is known. */
export function clockSkewed(skewMs: number | undefined, cause?: unknown): AppError {
  const args = {
    peer: 'AWS',
    ...(skewMs !== undefined && { skewMinutes: Math.round(Math.abs(skewMs) / 60_000) }),
  }
  return new AppError('clock-skewed', args, { cause })
}

/** A step in a client of the SDK that looks at every answer, also at those that become errors. */
export function noteDates(skew: ClockSkew) {
  return <Args, Output extends { readonly response: unknown }>(next: (args: Args) => Promise<Output>) =>
    async (args: Args): Promise<Output> => {
      const output = await next(args)
      skew.observe(dateOf(output.response))
      return output
    }
}

/** Where `noteDates` belongs: between the wire and what makes errors of answers. */
export const noteDatesStep = { step: 'deserialize', priority: 'low', name: 'noteDates' } as const

function dateOf(response: unknown): string | undefined {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return undefined
  const { headers } = response
  if (typeof headers !== 'object' || headers === null || !('date' in headers)) return undefined
  return typeof headers.date === 'string' ? headers.date : undefined
}
