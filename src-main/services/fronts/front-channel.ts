import type { Readable } from 'node:stream'

import { createEmitter, type Event } from '../../lib/event.ts'
import { type NdjsonError, readNdjson } from '../../lib/ndjson.ts'
import { AppError } from '../../shared/errors.ts'
import { type FrontCommandInput, type FrontEvent, frontEventSchema } from '../../shared/front-protocol.ts'

type EventType = FrontEvent['type']
type EventOf<K extends EventType> = Extract<FrontEvent, { type: K }>

export interface ExpectOptions {
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

export interface ChannelStreams {
  /** Where the front's events come from; the channel reads it to its end. */
  readonly input: Readable
  /** Takes one command without a newline; one that is gone is told nothing. */
  readonly send: (line: string) => void
  readonly onInvalid: (error: NdjsonError) => void
}

const maxLineBytes = 1024 * 1024

/** One line of talk with a front, whichever way it goes: to and from a child, or over its control socket. */
export class FrontChannel {
  readonly #send: ChannelStreams['send']
  readonly #events = createEmitter<FrontEvent>()
  readonly #end = new AbortController()
  /** Resolves when the front has nothing more to say: it hung up, broke off, or sent an endless line. */
  readonly ended: Promise<void>

  constructor({ input, send, onInvalid }: ChannelStreams) {
    this.#send = send
    this.ended = this.#read(input, onInvalid)
  }

  get events(): Event<FrontEvent> {
    return this.#events
  }

  send(command: FrontCommandInput): void {
    this.#send(JSON.stringify(command))
  }

  /**
   * The next event of one of `types` that `where` holds for. Ask before sending what it answers.
   * @throws AppError `front-died` when the channel ends first, `front-timeout` {timeoutMs}, `cancelled`.
   */
  async expect<K extends EventType>(
    types: readonly K[],
    {
      timeoutMs,
      signal,
      where = () => true,
    }: ExpectOptions & { readonly where?: (event: EventOf<K>) => boolean },
  ): Promise<EventOf<K>> {
    const timeout = AbortSignal.timeout(timeoutMs)
    const stop = AbortSignal.any([timeout, this.#end.signal, ...(signal === undefined ? [] : [signal])])
    const { promise, resolve, reject } = Promise.withResolvers<EventOf<K>>()
    const giveUp = (): void => {
      if (signal?.aborted === true) reject(new AppError('cancelled', {}, { cause: signal.reason }))
      else if (timeout.aborted) reject(new AppError('front-timeout', { timeoutMs }))
      else reject(new AppError('front-died'))
    }
    using _listening = this.#events.on((event) => {
      if (isOneOf(event, types) && where(event)) resolve(event)
    })
    if (stop.aborted) giveUp()
    else stop.addEventListener('abort', giveUp, { once: true })
    try {
      return await promise
    } finally {
      stop.removeEventListener('abort', giveUp)
    }
  }

  async #read(input: Readable, onInvalid: (error: NdjsonError) => void): Promise<void> {
    try {
      for await (const event of readNdjson(input, frontEventSchema, { maxLineBytes, onInvalid })) {
        this.#events.fire(event)
      }
    } catch {
      // A broken pipe or an endless line; either way nothing more can be understood.
    } finally {
      this.#end.abort()
    }
  }
}

function isOneOf<K extends EventType>(event: FrontEvent, types: readonly K[]): event is EventOf<K> {
  return (types as readonly EventType[]).includes(event.type)
}
