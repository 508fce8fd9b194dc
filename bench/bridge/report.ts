import { textTable } from '../lib/text-table.ts'
import { memoryRows } from './memory.ts'
import type { Figure, Samples } from './samples.ts'
import { startRows } from './starts.ts'
import { listedFiles, type Operation } from './way.ts'

interface Row {
  readonly title: string
  readonly operation: Operation
  /** What the mount itself does in place of it. */
  readonly against: Operation
}

function rowsOf(bigMebibytes: number): readonly Row[] {
  const big = `${bigMebibytes} MB`
  return [
    { title: 'Look at a file, ms', operation: 'stat', against: 'stat' },
    { title: `List ${listedFiles.toLocaleString('en-US')} files, ms`, operation: 'list', against: 'list' },
    { title: 'Open a file of 4 KB and read it, ms', operation: 'read', against: 'read' },
    { title: 'Save a file of 4 KB, ms', operation: 'write', against: 'write' },
    { title: '… until the server has it, ms', operation: 'writeDelivered', against: 'write' },
    { title: `Read ${big}, MB/s`, operation: 'bigRead', against: 'bigRead' },
    { title: `Save ${big}, MB/s`, operation: 'bigWrite', against: 'bigWrite' },
    { title: '… until the server has it, MB/s', operation: 'bigWriteDelivered', against: 'bigWrite' },
  ]
}

/** Our figures as ratios to those of the mount itself, the first of `labels`. */
export function wayLines(
  samples: Samples,
  labels: readonly string[],
  bigMebibytes: number,
): readonly string[] {
  const [raw = '', ...others] = labels
  const lines = rowsOf(bigMebibytes).map(({ title, operation, against }) => {
    const base = samples.figure(raw, against)
    return [
      title,
      operation === against ? absolute(base) : '',
      ...others.map((label) => relative(samples.figure(label, operation), base)),
    ]
  })
  return textTable([['', ...labels], ...lines], ['left', ...labels.map(() => 'right' as const)])
}

export function startLines(samples: Samples): readonly string[] {
  const base = samples.figure('start', 'the image')
  const lines = startRows.map((row) => [`from ${row}`, relative(samples.figure('start', row), base)])
  return textTable([['From click to mounted, s', '× the image'], ...lines], ['left', 'right'])
}

export function memoryLines(samples: Samples): readonly string[] {
  const base = samples.figure('memory', memoryRows[0])
  const lines = memoryRows.map((row) => [row, relative(samples.figure('memory', row), base)])
  return textTable([['Memory of the agent, MB', '× idle'], ...lines], ['left', 'right'])
}

function absolute(figure: Figure | undefined): string {
  if (figure === undefined) return '–'
  const percent = Math.round(figure.spread * 100)
  return `${digits(figure.value)} ±${String(percent).padStart(2)}%`
}

function relative(figure: Figure | undefined, base: Figure | undefined): string {
  if (figure === undefined) return '–'
  return base === undefined
    ? absolute(figure)
    : `${absolute(figure)} ×${(figure.value / base.value).toFixed(2)}`
}

function digits(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en-US')
  return value >= 10 ? value.toFixed(1) : value.toFixed(2)
}
