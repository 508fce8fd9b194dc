import type { IncomingMessage, ServerResponse } from 'node:http'

/** A client that asked first (`Expect: 100-continue`) sends its body only after this; what is refused before costs it nothing. */
export function inviteBody(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers.expect?.toLowerCase() === '100-continue') response.writeContinue()
}
