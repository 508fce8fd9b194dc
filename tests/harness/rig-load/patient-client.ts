import { Agent, request, type IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

import { systemClock } from '../../../src-main/lib/clock.ts'

/** What macOS gives a call before it tells the program that it failed, and remembers the file as missing. */
export const clientPatienceMs = 90_000

const retryMs = 100
/** The manner of macOS, whose rules are the strictest. */
const userAgent = 'WebDAVFS/3.0.0 (03008000) Darwin/24.0.0 (arm64)'

export interface DavReply {
  readonly status: number
  readonly body: Buffer
  /** Whether an earlier try of the same call broke off without an answer: it may have happened already. */
  readonly mayBeSecond: boolean
}

export interface DavCall {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer
}

export interface PatientClientOptions {
  /** Ends in `/`; the front may come and go behind it. */
  readonly url: string
  /** Each call that was answered, and how long its program waited for that, over all tries. */
  readonly onAnswered: (method: string, status: number, waitedMs: number) => void
  /** An answer that broke off, or a connection that was refused. */
  readonly onBroken: (method: string) => void
}

/** A client as macOS's: it holds a program's call while its server is away, and asks again, but not for ever. */
export class PatientClient implements Disposable {
  readonly #options: PatientClientOptions
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 12 })

  constructor(options: PatientClientOptions) {
    this.#options = options
  }

  /** `path` is below the drive's root. @throws when there is no answer within the client's patience. */
  async call(method: string, path: string, { headers = {}, body }: DavCall = {}): Promise<DavReply> {
    const startedMs = systemClock.monotonicMs()
    const limit = AbortSignal.timeout(clientPatienceMs)
    for (let mayBeSecond = false; ; mayBeSecond = true) {
      try {
        const { status, body: answer } = await this.#ask(method, path, headers, body, limit)
        this.#options.onAnswered(method, status, systemClock.monotonicMs() - startedMs)
        return { status, body: answer, mayBeSecond }
      } catch (error) {
        if (limit.aborted) {
          throw new Error(`${method} ${path}: no answer in ${clientPatienceMs} ms`, { cause: error })
        }
        this.#options.onBroken(method)
        await sleep(retryMs)
      }
    }
  }

  urlOf(path: string): string {
    return this.#options.url + path
  }

  [Symbol.dispose](): void {
    this.#agent.destroy()
  }

  #ask(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body: Buffer | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly status: number; readonly body: Buffer }> {
    return new Promise((resolve, reject) => {
      const length = { 'Content-Length': String(body?.length ?? 0) }
      const outgoing = request(
        this.#options.url + path,
        { method, agent: this.#agent, signal, headers: { 'User-Agent': userAgent, ...length, ...headers } },
        (answer) => {
          readAll(answer).then(
            (content) => resolve({ status: answer.statusCode ?? 0, body: content }),
            reject,
          )
        },
      )
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  }
}

/** @throws when it breaks off. */
async function readAll(answer: IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await (answer as AsyncIterable<Buffer> & IncomingMessage).toArray())
}
