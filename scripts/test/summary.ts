import type { Counts, NotRun, Outcome } from './outcome.ts'

/**
 * The closing lines: what failed, what did not run here and why, one line per step, and the totals.
 * The last line has a fixed form that CI reads: `N passed, N failed`, with `, N skipped` where anything was.
 */
export function summaryLines(outcomes: readonly Outcome[]): readonly string[] {
  return [
    ...section('Failed', outcomes, ({ failures }) => failures),
    ...section('Not run on this machine', outcomes, ({ notRun }) => notRun.map(notRunLine)),
    ...outcomes.map(outcomeLine),
    totalLine(outcomes),
  ]
}

export function totalLine(outcomes: readonly Counts[]): string {
  return countsText({
    passed: sum(outcomes, ({ passed }) => passed),
    failed: sum(outcomes, ({ failed }) => failed),
    skipped: sum(outcomes, ({ skipped }) => skipped),
  })
}

function section(
  heading: string,
  outcomes: readonly Outcome[],
  itemsOf: (outcome: Outcome) => readonly string[],
): readonly string[] {
  const items = outcomes.flatMap((outcome) => itemsOf(outcome).map((item) => `  ${outcome.name}: ${item}`))
  return items.length === 0 ? [] : [`${heading}:`, ...items, '']
}

function notRunLine({ title, reason }: NotRun): string {
  return `${title}: ${reason ?? 'skipped, no reason given'}`
}

function outcomeLine(outcome: Outcome): string {
  const seconds = (outcome.durationMs / 1000).toFixed(1)
  return `${outcome.name.padEnd(12)} ${seconds.padStart(7)} s  ${countsText(outcome)}`
}

function countsText({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

function sum<T>(items: readonly T[], valueOf: (item: T) => number): number {
  return items.reduce((total, item) => total + valueOf(item), 0)
}
