export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** A suite, or part of one, that did not run on this machine. `reason` is missing when a test was merely skipped. */
export interface NotRun {
  readonly title: string
  readonly reason?: string
}

/** What came of one step. */
export interface Outcome extends Counts {
  readonly name: string
  readonly durationMs: number
  /** The full titles of what failed. */
  readonly failures: readonly string[]
  readonly notRun: readonly NotRun[]
}
