import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { MetricsPoll } from './metrics-poll.ts'
import type { Metrics, ObjectStore } from './ports.ts'
import { exportQuietMs } from './sync/arrival.ts'
import { RequestBudget } from './sync/request-budget.ts'
import type { Vitals } from './vitals.ts'
import { Watched } from './watch-drive.ts'

export interface VitalsDeps {
  readonly objects: ObjectStore
  readonly metrics: Metrics
  readonly clock: Clock
  readonly log: Logger
  /** After which S3 Files exports a file that is not written to any more; other than 60 s only for stand-ins of it. */
  readonly quietMs?: number | undefined
}

/** Asks nothing and starts nothing before a drive is watched. */
export function createVitals({ objects, metrics, clock, log, quietMs = exportQuietMs }: VitalsDeps): Vitals {
  const poll = new MetricsPoll({ metrics, clock, log })
  const budget = new RequestBudget(clock)
  const drives = new Set<Watched>()
  return {
    watch: (subject) => {
      const drive: Watched = new Watched(subject, {
        objects,
        budget,
        poll,
        quietMs,
        clock,
        log,
        onEnd: () => drives.delete(drive),
      })
      drives.add(drive)
      return drive
    },
    fileSystems: () => poll.vitals(),
    fileSystemsChanged: poll.changed,
    wake: () => {
      poll.wake()
      for (const drive of drives) drive.wake()
    },
    [Symbol.dispose]: () => {
      for (const drive of [...drives]) drive[Symbol.dispose]()
      poll[Symbol.dispose]()
    },
  }
}
