/** A command that is right or wrong as a whole. */
export interface CheckStep {
  readonly kind: 'check'
  readonly name: string
  readonly npmScript: string
}

/** One project of vitest.config.ts, whose tests are counted one by one. */
export interface SuiteStep {
  readonly kind: 'suite'
  readonly name: string
}

export type Step = CheckStep | SuiteStep

/** All of `npm test`, cheapest first: what fails early fails fast. */
export const steps: readonly Step[] = [
  { kind: 'check', name: 'typecheck', npmScript: 'typecheck' },
  { kind: 'check', name: 'lint', npmScript: 'lint' },
  { kind: 'check', name: 'build', npmScript: 'build' },
  { kind: 'suite', name: 'unit' },
  { kind: 'suite', name: 'contract' },
  { kind: 'suite', name: 'conformance' },
  { kind: 'suite', name: 'renderer' },
  { kind: 'suite', name: 'ui' },
  { kind: 'suite', name: 'e2e' },
  { kind: 'suite', name: 'rig' },
]
