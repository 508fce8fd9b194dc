import { Agent, request } from 'node:http'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

const userAgent = 'WebDAVFS/3.0.0 (03008000) Darwin/24.0.0 (arm64)'
/** Of a refusal; what is longer is content, which is only counted. */
const keptBytes = 10_000

export interface DavOptions {
  readonly body?: Readable
  readonly size?: number
  readonly depth?: '0' | '1'
}

/** One client of a front, on connections that it keeps. */
export class DavSession {
  readonly #baseUrl: string
  readonly #agent = new Agent({ keepAlive: true })

  /** `baseUrl` ends in `/`. */
  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl
  }

  /** Resolves with the size of the answer's body when it is all here. @throws for a status that is not in `expected`. */
  ask(
    method: string,
    path: string,
    { body, size = 0, depth }: DavOptions,
    expected: readonly number[],
  ): Promise<number> {
    return new Promise((resolve, reject) => {
      const headers = {
        'User-Agent': userAgent,
        'Content-Length': String(size),
        ...(depth === undefined ? {} : { Depth: depth }),
      }
      const outgoing = request(this.#baseUrl + path, { method, agent: this.#agent, headers }, (answer) => {
        let [receivedBytes, text] = [0, '']
        answer.on('data', (part: Buffer) => {
          receivedBytes += part.length
          if (receivedBytes < keptBytes) text += part.toString()
        })
        answer.once('error', reject)
        answer.once('end', () => {
          if (expected.includes(answer.statusCode ?? 0)) resolve(receivedBytes)
          else reject(new Error(`${method} ${path}: the front answered ${answer.statusCode}: ${text}`))
        })
      })
      outgoing.once('error', reject)
      if (body === undefined) outgoing.end()
      else pipeline(body, outgoing).catch(reject)
    })
  }
}
