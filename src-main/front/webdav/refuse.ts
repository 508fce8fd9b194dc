import type { ServerResponse } from 'node:http'

import type { Manner } from './manner.ts'
import { HttpRefusal, statusFor } from './refusal.ts'
import { respondEmpty, respondXml } from './respond.ts'

/**
 * Answers a failed request. When the head is out already the only honest thing left is to break the connection off,
 * so that a short body is not taken for a whole one.
 */
export function refuse(response: ServerResponse, error: unknown, manner: Manner): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const status = statusFor(error, manner)
  const headers = error instanceof HttpRefusal ? Object.entries(error.headers).flat() : []
  if (status === 503) headers.push('Retry-After', '5')
  if (error instanceof HttpRefusal && error.precondition !== undefined && manner === 'standard') {
    const inner = error.href === undefined ? '' : `<href>${error.href}</href>`
    const name = error.precondition
    respondXml(
      response,
      status,
      `<?xml version="1.0" encoding="utf-8"?>\n<error xmlns="DAV:"><${name}>${inner}</${name}></error>`,
      headers,
    )
  } else {
    respondEmpty(response, status, headers)
  }
}
