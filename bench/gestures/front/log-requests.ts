import { subscribe } from 'node:diagnostics_channel'
import type { ServerResponse } from 'node:http'

import type { IntervalLog } from './interval-log.ts'

/** Notes every request this process's HTTP servers take, from its head to the end of its answer (or of its connection). */
export function logRequests(requests: IntervalLog<object>): void {
  subscribe('http.server.request.start', (message) => {
    const end = requests.start({})
    // Node documents the message as an object with the response in it.
    const { response } = message as { readonly response: ServerResponse }
    response.once('close', end)
  })
}
