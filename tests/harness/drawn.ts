const seed = 20_261_121

/** A soak asks for thousands. */
const soakRuns = process.env['SOAK_RUNS']

/**
 * How `fc.assert` draws: from one seed, so that a commit gets the same answer each time, wherever it is asked. With `SOAK_RUNS` it draws so
 * many, from another seed each time, and says which when something is found.
 */
export function drawn(numRuns = 100): { readonly numRuns: number; readonly seed?: number } {
  return soakRuns === undefined ? { numRuns, seed } : { numRuns: Number(soakRuns) }
}
