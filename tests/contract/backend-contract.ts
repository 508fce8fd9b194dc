import { describe } from 'vitest'

import { describeAttributes } from './backend/attributes.ts'
import { describeCancellation } from './backend/cancellation.ts'
import { describeMoving } from './backend/moving.ts'
import { describeNames } from './backend/names.ts'
import { describeReading } from './backend/reading.ts'
import { describeRemoving } from './backend/removing.ts'
import type { MakeBackend } from './backend/subject.ts'
import { describeWriting } from './backend/writing.ts'

/** How much is tried where one time proves little. Less will do for a backend whose every call takes long; all promises are checked. */
export interface ContractOptions {
  /** Files in a directory that has many. */
  readonly entries?: number
  /** Moments at which an operation is called off. */
  readonly moments?: number
  readonly timeoutMs?: number
}

/**
 * What every `Backend` promises, checked through its interface alone. `makeBackend` gives a backend over a drive that
 * is empty and takes writes; it is called, and disposed, once per test.
 */
export function describeBackend(
  name: string,
  makeBackend: MakeBackend,
  // Bodies of 20 MB and dozens of fsyncs in one test: a busy machine may need more than the usual five seconds.
  { entries = 1_000, moments = 60, timeoutMs = 60_000 }: ContractOptions = {},
): void {
  describe(`${name}, as a backend`, { timeout: timeoutMs }, () => {
    describeAttributes(makeBackend, entries)
    describeReading(makeBackend)
    describeWriting(makeBackend)
    describeMoving(makeBackend)
    describeRemoving(makeBackend)
    describeNames(makeBackend)
    describeCancellation(makeBackend, { entries, moments })
  })
}
