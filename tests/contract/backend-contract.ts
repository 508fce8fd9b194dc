import { describe } from 'vitest'

import { describeAttributes } from './backend/attributes.ts'
import { describeCancellation } from './backend/cancellation.ts'
import { describeMoving } from './backend/moving.ts'
import { describeNames } from './backend/names.ts'
import { describeReading } from './backend/reading.ts'
import { describeRemoving } from './backend/removing.ts'
import type { MakeBackend } from './backend/subject.ts'
import { describeWriting } from './backend/writing.ts'

/**
 * What every `Backend` promises, checked through its interface alone. `makeBackend` gives a backend over a drive that
 * is empty and takes writes; it is called, and disposed, once per test.
 */
export function describeBackend(name: string, makeBackend: MakeBackend): void {
  // Bodies of 20 MB and dozens of fsyncs in one test: a busy machine may need more than the usual five seconds.
  describe(`${name}, as a backend`, { timeout: 60_000 }, () => {
    describeAttributes(makeBackend)
    describeReading(makeBackend)
    describeWriting(makeBackend)
    describeMoving(makeBackend)
    describeRemoving(makeBackend)
    describeNames(makeBackend)
    describeCancellation(makeBackend)
  })
}
