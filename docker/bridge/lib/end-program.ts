import type { ChildProgram, ProgramEnd } from './child-program.ts'
import type { Clock } from './clock.ts'

/**
 * Asks a program to end, and makes it end after `graceMs`. Resolves with its end, or with `undefined` when even SIGKILL does not get
 * through within a second: a program that is stuck in the kernel.
 */
export async function endProgram(
  program: ChildProgram,
  { clock, graceMs }: { readonly clock: Clock; readonly graceMs: number },
): Promise<ProgramEnd | undefined> {
  if (graceMs > 0) {
    program.signal('SIGTERM')
    const end = await endWithin(program, clock, graceMs)
    if (end !== undefined) return end
  }
  program.signal('SIGKILL')
  return endWithin(program, clock, 1_000)
}

/** How `program` ended, or `undefined` when it did not within `limitMs`. */
export function endWithin(
  program: ChildProgram,
  clock: Clock,
  limitMs: number,
): Promise<ProgramEnd | undefined> {
  return new Promise((resolve) => {
    const timer = clock.setTimeout(() => resolve(undefined), limitMs)
    void program.ended.then((end) => {
      timer[Symbol.dispose]()
      resolve(end)
    })
  })
}
