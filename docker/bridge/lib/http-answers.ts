import type { ServerResponse } from 'node:http'

import { statusOf } from '../api/status.ts'
import { toBridgeError } from './bridge-error.ts'

/** Answers with `value` as JSON. Harmless when the client has hung up. */
export function answerJson(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value))
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': body.length })
  response.end(body)
}

/** Answers 204. */
export function answerNothing(response: ServerResponse): void {
  response.writeHead(204)
  response.end()
}

/** Answers with `error` as `BridgeErrorBody`; once an answer has begun, all that is left is to cut it off. */
export function answerError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const failure = toBridgeError(error)
  answerJson(response, statusOf(failure.code), failure)
}
