import type { ServerResponse } from 'node:http'

import type { BridgeEvent } from '../api/control.ts'
import type { Clock, Timer } from './clock.ts'
import type { EventHub } from './event-hub.ts'

export interface EventStreamOptions {
  readonly hub: EventHub
  readonly clock: Clock
  /** The state at this moment, which every stream begins with. */
  readonly present: () => readonly BridgeEvent[]
}

const aliveEveryMs = 10_000

/** A reader that is this far behind has stopped reading; a new stream begins with the present state anyway. */
const maxBehindBytes = 1024 * 1024

/** Answers with one event a line until either side hangs up, and with `alive` lines when there is nothing to tell. */
export function streamEvents(response: ServerResponse, { hub, clock, present }: EventStreamOptions): void {
  let timer: Timer | undefined
  const send = (event: BridgeEvent): void => {
    if (response.writableLength > maxBehindBytes) {
      response.destroy()
      return
    }
    response.write(`${JSON.stringify(event)}\n`)
    timer?.[Symbol.dispose]()
    timer = clock.setTimeout(() => send({ type: 'alive' }), aliveEveryMs)
  }
  response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' })
  const subscription = hub.subscribe(send)
  response.once('close', () => {
    subscription[Symbol.dispose]()
    timer?.[Symbol.dispose]()
  })
  for (const event of present()) send(event)
  response.flushHeaders()
}
