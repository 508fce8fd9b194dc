import { failed, passed } from '../check.ts'
import type { Check } from '../check.ts'
import type { DiagnosticsContext } from '../context.ts'

/** This program cannot have been installed before it was written. */
const writtenMs = Date.UTC(2026, 0, 1)
const farFutureMs = Date.UTC(2100, 0, 1)

/** Clients decide by dates whether their copy of a file is still good, and AWS refuses requests from another time. */
export const clockSane: Check<Pick<DiagnosticsContext, 'clock'>> = {
  id: 'clock',
  title: 'Date and time',
  severity: 'problem',
  applicable: () => true,
  check: ({ clock }) => {
    const nowMs = clock.now()
    const shown = new Date(nowMs).toISOString()
    return Promise.resolve(
      nowMs >= writtenMs && nowMs < farFutureMs
        ? passed(shown)
        : failed(`The clock of this machine says ${shown}.`, 'Let the system set date and time by itself.'),
    )
  },
}
