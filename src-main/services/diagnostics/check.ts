/** `problem`: something will not work. `advice`: worth knowing, may or may not get in the way. */
export type Severity = 'problem' | 'advice'

export interface Finding {
  readonly passed: boolean
  /** What was found, as a sentence; for a passed check the fact itself. */
  readonly description: string
  /** Instructions, in the order to try them; empty when passed. */
  readonly fixes: readonly string[]
  /** Could not be found out here. It counts as passed: nothing speaks against it. */
  readonly untried?: true
  /** Where what was found weighs less than the question usually does. */
  readonly severity?: Severity
}

/** One question about this machine. `check` may throw; that counts as not passed and stops no other check. */
export interface Check<Context> {
  readonly id: string
  readonly title: string
  readonly severity: Severity
  /** Off where the question makes no sense, on another platform for one. */
  applicable(context: Context): boolean | Promise<boolean>
  check(context: Context): Promise<Finding>
}

export interface CheckResult extends Finding {
  readonly id: string
  readonly title: string
  readonly severity: Severity
}

export function passed(description: string): Finding {
  return { passed: true, description, fixes: [] }
}

export function untried(why: string): Finding {
  return { passed: true, untried: true, description: why, fixes: [] }
}

export function failed(description: string, ...fixes: readonly string[]): Finding {
  return { passed: false, description, fixes }
}
