import type { Clock } from '../../lib/clock.ts'
import type { FrontCommand, FrontEvent } from '../../shared/front-protocol.ts'
import type { RunningFront } from './front.ts'

const countersEveryMs = 1_000

export type Say = (event: FrontEvent) => void

/**
 * Talks with one peer (the parent, or a connection to the control socket) until its commands end: answers `status`,
 * reports while watched, and calls `onShutdown` when told to end. Rejects when a line is no command.
 */
export async function talkTo(
  peer: { readonly commands: AsyncIterable<FrontCommand>; readonly say: Say },
  front: RunningFront,
  clock: Clock,
  onShutdown: () => void,
): Promise<void> {
  using watching = new DisposableStack()
  for await (const command of peer.commands) {
    switch (command.type) {
      case 'status':
        peer.say(front.status())
        break
      case 'watch':
        watching.use(front.events.on(peer.say, command.requests))
        watching.use(reportCounters(front, clock, peer.say))
        break
      case 'shutdown':
        onShutdown()
        break
      case 'configure':
      case 'uploads':
      case 'upload-retry':
      case 'upload-discard':
      case 'upload-export':
      case 'wake':
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
