import type { BridgeEvent } from '../../../docker/bridge/api/control.ts'

/** Adds what a stream of `GET /v1/events` says to `events`; resolves when it ends, however it does. */
export async function followEvents(response: Response, events: BridgeEvent[]): Promise<void> {
  let rest = ''
  try {
    for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split('\n')
      rest = lines.pop()!
      events.push(...lines.map((line) => JSON.parse(line) as BridgeEvent))
    }
  } catch {
    // The service has ended.
  }
}
