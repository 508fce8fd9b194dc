import type { Life } from './records.ts'

/** How long S3 Files takes; 0 is at once. By the clock that the test moves. */
export interface LifeTimes {
  readonly creatingMs: number
  readonly deletingMs: number
}

interface Step {
  readonly dueMs: number
  readonly take: () => void
}

/** What happens to resources by itself, later. Looked at before each request, so that a test's clock decides and no timer runs. */
export class Lives {
  readonly #nowMs: () => number
  readonly #times: LifeTimes
  #steps: Step[] = []

  constructor(nowMs: () => number, times: LifeTimes) {
    this.#nowMs = nowMs
    this.#times = times
  }

  /** `creating` until its time is over, unless something else has been said of it by then, or `isStuck`. */
  begin(life: Life, isStuck = (): boolean => false): void {
    this.#after(this.#times.creatingMs, () => {
      if (life.status === 'creating' && !isStuck()) life.status = 'available'
    })
  }

  end(life: Life, remove: () => void): void {
    life.status = 'deleting'
    life.statusMessage = undefined
    this.#after(this.#times.deletingMs, () => {
      life.status = 'deleted'
      remove()
    })
  }

  /** Does what is due by now. */
  settle(): void {
    const due = this.#steps.filter(({ dueMs }) => dueMs <= this.#nowMs())
    this.#steps = this.#steps.filter((step) => !due.includes(step))
    due.forEach(({ take }) => take())
  }

  #after(delayMs: number, take: () => void): void {
    this.#steps.push({ dueMs: this.#nowMs() + delayMs, take })
    this.settle()
  }
}
