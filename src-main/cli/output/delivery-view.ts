import type { Clock } from '../../lib/clock.ts'
import type { UploadsReport } from '../../services/drives/ports.ts'
import { messageFor } from '../../shared/messages.ts'
import { formatBytes, formatCount } from '../../lib/format.ts'
import { renderDelivery } from './render-uploads.ts'
import type { Terminal } from './terminal.ts'

/** Where lines cannot be drawn over: often enough to show life, not so often that a log fills up. */
const noteEveryMs = 30_000

/**
 * Shows what drives still have to deliver while somebody waits for it. On a terminal one live line per drive; elsewhere a note at
 * the start, whenever what is in the way changes, and every half minute.
 */
export class DeliveryView {
  readonly #terminal: Pick<Terminal, 'isInteractive' | 'draw' | 'note'>
  readonly #clock: Pick<Clock, 'monotonicMs'>
  readonly #advice: string
  readonly #lines = new Map<string, string>()
  readonly #noted = new Map<string, { readonly atMs: number; readonly problem: string }>()

  /** `advice` says what Ctrl-C does. */
  constructor(
    terminal: Pick<Terminal, 'isInteractive' | 'draw' | 'note'>,
    clock: Pick<Clock, 'monotonicMs'>,
    advice: string,
  ) {
    this.#terminal = terminal
    this.#clock = clock
    this.#advice = advice
  }

  show(driveName: string, report: UploadsReport): void {
    this.#note(driveName, report)
    this.#lines.set(driveName, `${driveName}: ${renderDelivery(report)}`)
    this.#draw()
  }

  /** The drive is done, or nobody waits for it any more. */
  remove(driveName: string): void {
    if (this.#lines.delete(driveName)) this.#draw()
  }

  #draw(): void {
    this.#terminal.draw([...this.#lines.values()])
  }

  #note(driveName: string, report: UploadsReport): void {
    const error = report.uploads.find(({ error: found }) => found !== undefined)?.error
    const problem = error === undefined ? '' : messageFor(error).title
    const last = this.#noted.get(driveName)
    const nowMs = this.#clock.monotonicMs()
    if (last === undefined) {
      const { pending, pendingBytes } = report.totals
      const what = `${formatCount(pending, 'saved file')} (${formatBytes(pendingBytes)})`
      this.#terminal.note(`Delivering ${what} of ${driveName} … ${this.#advice}`)
    } else if (this.#terminal.isInteractive) {
      return
    } else if (last.problem !== problem || nowMs - last.atMs >= noteEveryMs) {
      this.#terminal.note(`${driveName}: ${renderDelivery(report)}`)
    } else {
      return
    }
    this.#noted.set(driveName, { atMs: nowMs, problem })
  }
}
