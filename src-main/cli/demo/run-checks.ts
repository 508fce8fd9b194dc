import type { Clock } from '../../lib/clock.ts'
import type { TreeCheck } from './tree-checks.ts'

/** One check as the JSON of `demo --once` has it. */
export interface CheckOutcome {
  readonly name: string
  readonly ok: boolean
  readonly ms: number
  readonly detail?: string
}

/** A volume that takes longer than this for one step hangs, as far as a user is concerned. */
export const checkLimitMs = 60_000

/**
 * Runs the checks one after the other and stops at the first that does not end in time or is interrupted: a volume that hangs
 * would hang all the others. Never rejects.
 */
export async function runChecks(
  checks: readonly TreeCheck[],
  { clock, signal, onOutcome, limitMs = checkLimitMs }: RunChecksOptions,
): Promise<readonly CheckOutcome[]> {
  const outcomes: CheckOutcome[] = []
  for (const check of checks) {
    const limit = AbortSignal.timeout(limitMs)
    const outcome = await timed(clock, check.name, () => check.run(AbortSignal.any([signal, limit])))
    const isLate = limit.aborted && !outcome.ok
    outcomes.push(isLate ? { ...outcome, detail: `no answer within ${limitMs / 1000} s` } : outcome)
    onOutcome?.(outcomes.at(-1) ?? outcome)
    if (isLate || signal.aborted) break
  }
  return outcomes
}

export interface RunChecksOptions {
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly onOutcome?: (outcome: CheckOutcome) => void
  readonly limitMs?: number
}

/** How `run` went, as a check of that name; what it throws becomes the detail. */
export async function timed(
  clock: Clock,
  name: string,
  run: () => Promise<string | undefined>,
): Promise<CheckOutcome> {
  const startedMs = clock.monotonicMs()
  const ms = (): number => Math.round((clock.monotonicMs() - startedMs) * 10) / 10
  try {
    const detail = await run()
    return { name, ok: true, ms: ms(), ...(detail === undefined ? {} : { detail }) }
  } catch (error) {
    return { name, ok: false, ms: ms(), detail: error instanceof Error ? error.message : String(error) }
  }
}
