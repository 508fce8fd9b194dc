import type { Outcome } from './trial.ts'

const columns = [
  'what was done',
  'noticed after',
  'longest save',
  'longest look',
  'longest rename',
  'answered',
  'refused as "in use"',
  'recovered after',
  'delivered after',
  'made anew',
] as const

/** Markdown, one row for each fault. */
export function outcomeTable(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ fault, noticedAfterMs, seen, recoveredAfterMs, drainedAfterMs, madeAnew }) => [
    fault.title,
    noticedAfterMs === undefined ? '–' : seconds(noticedAfterMs),
    seconds(seen.longestMs.save),
    seconds(seen.longestMs.look),
    seconds(seen.longestMs.change),
    String(seen.answered.save + seen.answered.look + seen.answered.change),
    String(seen.refusedAsBusy),
    seconds(recoveredAfterMs),
    seconds(drainedAfterMs),
    [...madeAnew, ...(fault.endsFront === true ? ['front'] : [])].join(', ') || '–',
  ])
  return [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
