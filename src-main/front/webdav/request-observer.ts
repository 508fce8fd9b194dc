import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Clock } from '../../lib/clock.ts'
import { AppError } from '../../shared/errors.ts'
import type { Answer } from './answerer.ts'
import { mannerFor, type Manner } from './manner.ts'
import { limitPatience } from './patience.ts'
import { refuse } from './refuse.ts'
import type { SocketTraffic } from './socket-traffic.ts'

/** How one request ended; `error` is set when it was refused or broke off. */
export interface RequestRecord {
  readonly method: string
  /** Percent-encoded path within the drive, without the secret; empty when the request named no path of ours. */
  readonly path: string
  /** 0 when the client was gone before there was an answer. */
  readonly status: number
  readonly ms: number
  /** On the wire, heads included. */
  readonly bytesIn: number
  readonly bytesOut: number
  readonly manner: Manner
  readonly error?: unknown
}

export interface RequestObserver {
  started(): void
  ended(record: RequestRecord): void
}

/**
 * Runs one request from its head to its last byte: ends its work when the client goes away or has waited too long, refuses it when it
 * fails, reports how it went.
 */
export function observeRequest(parts: {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly answer: Answer
  readonly observer: RequestObserver
  readonly clock: Clock
  readonly pathSecret: string
  readonly traffic: SocketTraffic
}): void {
  const { request, response, answer, observer, clock, pathSecret, traffic } = parts
  const { socket, method = '', url = '' } = request
  const startedMs = clock.monotonicMs()
  const manner = mannerFor(request.headers['user-agent'])
  const gone = new AbortController()
  let failure: unknown

  const fail = (error: unknown): void => {
    if (failure !== undefined) return
    failure = error
    if (!response.destroyed) refuse(response, error, manner)
  }
  const patience = limitPatience(request, response, clock, () => {
    fail(new AppError('stalled'))
    gone.abort(failure)
  })

  observer.started()
  response.once('close', () => {
    patience[Symbol.dispose]()
    if (!response.writableFinished) gone.abort(new AppError('cancelled'))
    const { bytesIn, bytesOut } = traffic.sinceLastAsked(socket)
    observer.ended({
      method,
      path: url.startsWith(`/${pathSecret}`) ? url.slice(pathSecret.length + 1) || '/' : '',
      status: response.headersSent ? response.statusCode : 0,
      ms: clock.monotonicMs() - startedMs,
      bytesIn,
      bytesOut,
      manner,
      ...(failure === undefined ? {} : { error: failure }),
    })
  })
  answer(request, response, manner, gone.signal).catch(fail)
}
