import type { Clock } from '../../lib/clock.ts'
import type { FrontCommand } from '../../shared/front-protocol.ts'
import type { RunningFront } from './front.ts'
import type { Say } from './say.ts'
import { answerUploadCommand, isUploadCommand } from './upload-commands.ts'
import { reportUploads } from './upload-report.ts'

const countersEveryMs = 1_000

/** How a peer may make a front end. */
export interface Endings {
  /** At once; what is pending is kept for the next front of the drive. */
  shutdown(): void
  /** When nothing is pending. */
  drain(): void
}

/**
 * Talks with one peer (the parent, or a connection to the control socket) until its commands end: answers what it asks,
 * reports while watched, and calls `endings` when told to end. Rejects when a line is no command.
 */
export async function talkTo(
  peer: { readonly commands: AsyncIterable<FrontCommand>; readonly say: Say },
  front: RunningFront,
  clock: Clock,
  endings: Endings,
): Promise<void> {
  using watching = new DisposableStack()
  for await (const command of peer.commands) {
    if (isUploadCommand(command)) {
      answerUploadCommand(command, front.uploads, peer.say)
      continue
    }
    switch (command.type) {
      case 'status':
        peer.say(front.status())
        break
      case 'watch':
        watching.use(front.events.on(peer.say, command.requests))
        watching.use(reportCounters(front, clock, peer.say))
        watching.use(reportUploads(front.uploads, clock, peer.say))
        break
      case 'wake':
        front.wake()
        break
      case 'bridge':
        front.setBridge(command.report)
        break
      case 'shutdown':
        endings.shutdown()
        break
      case 'drain':
        endings.drain()
        break
      case 'configure':
        break // Once is enough; a front never changes what it serves.
    }
  }
}

/** Says the counters after every second in which something happened. */
export function reportCounters(front: RunningFront, clock: Clock, say: Say): Disposable {
  let lastSaid = -1
  const tick = (): void => {
    const { counters } = front.status()
    const now = counters.requests + counters.inFlight
    if (now !== lastSaid) say({ type: 'counters', counters })
    lastSaid = now
    timer = clock.setTimeout(tick, countersEveryMs).unref()
  }
  let timer = clock.setTimeout(tick, countersEveryMs).unref()
  return { [Symbol.dispose]: () => timer[Symbol.dispose]() }
}
