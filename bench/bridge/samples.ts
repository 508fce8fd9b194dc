import { median, spread } from '../lib/statistics.ts'
import type { Operation, Times } from './way.ts'

export interface Figure {
  readonly value: number
  /** As a share of `value`, between rounds. */
  readonly spread: number
}

const operations: readonly Operation[] = [
  'stat',
  'list',
  'read',
  'write',
  'writeDelivered',
  'bigRead',
  'bigWrite',
  'bigWriteDelivered',
]

/** What was measured: of each subject and row one figure a round. */
export class Samples {
  readonly #values = new Map<string, number[]>()

  add(subject: string, row: string, value: number): void {
    const key = `${subject}/${row}`
    this.#values.set(key, [...(this.#values.get(key) ?? []), value])
  }

  /** Latencies in milliseconds, throughput in MB/s; the median of the round. */
  addTimes(subject: string, times: Times, bigBytes: number): void {
    for (const operation of operations) {
      const measured = times[operation] ?? []
      if (measured.length === 0) continue
      const ms = median(measured)
      this.add(subject, operation, operation.startsWith('big') ? bigBytes / 1e3 / ms : ms)
    }
  }

  /** The median of the rounds; `undefined` for what was not measured. */
  figure(subject: string, row: string): Figure | undefined {
    const values = this.#values.get(`${subject}/${row}`)
    return values === undefined ? undefined : { value: median(values), spread: spread(values) }
  }

  /** All values, for programs. */
  toJSON(): Readonly<Record<string, readonly number[]>> {
    return Object.fromEntries(this.#values)
  }
}
