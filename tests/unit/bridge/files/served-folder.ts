import { mkdir, readdir } from 'node:fs/promises'
import { request, type ClientRequest, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { once } from 'node:events'

import { afterEach, beforeEach } from 'vitest'

import { openFileService } from '../../../../docker/bridge/agent/files/open-file-service.ts'
import type { FileServiceStart } from '../../../../docker/bridge/agent/files/start.ts'
import { systemClock } from '../../../../docker/bridge/lib/clock.ts'
import { makeTempDir } from '../../../harness/temp-dir.ts'

export const token = 'ab12'.repeat(16)

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Of JSON. */
  readonly value: unknown
  /** Of NDJSON. */
  readonly lines: readonly unknown[]
}

export interface Sending {
  readonly body?: string | Uint8Array
  readonly headers?: Readonly<Record<string, string>>
}

/** A file service over a temporary folder, with a client. */
export class ServedFolder implements AsyncDisposable {
  readonly rootDir: string
  readonly outsideDir: string
  readonly port: number
  readonly #stack: AsyncDisposableStack
  readonly #agentHeaders = { authorization: `Bearer ${token}` }

  constructor(dir: string, port: number, stack: AsyncDisposableStack) {
    this.rootDir = join(dir, 'root')
    this.outsideDir = join(dir, 'outside')
    this.port = port
    this.#stack = stack
  }

  /** `<route>?<parameters>`, encoded. */
  url(route: string, parameters: Readonly<Record<string, string | number>> = {}): string {
    const query = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    return `http://127.0.0.1:${this.port}/v1/${route}?${query.join('&')}`
  }

  async ask(
    method: string,
    route: string,
    parameters: Readonly<Record<string, string | number>> = {},
    { body, headers = {} }: Sending = {},
  ): Promise<Reply> {
    const response = await fetch(this.url(route, parameters), {
      method,
      headers: { ...this.#agentHeaders, ...headers },
      ...(body === undefined ? {} : { body: Buffer.from(body) }),
    })
    const text = await response.text()
    const isLines = response.headers.get('content-type') === 'application/x-ndjson'
    const lines = text.split('\n').filter((line) => line !== '')
    return {
      status: response.status,
      headers: response.headers,
      text,
      value: response.headers.get('content-type') === 'application/json' ? JSON.parse(text) : undefined,
      lines: isLines ? lines.map((line) => JSON.parse(line) as unknown) : [],
    }
  }

  put(path: string, body: string | Uint8Array = ''): Promise<Reply> {
    return this.ask('PUT', 'content', { path }, { body })
  }

  async code(...request: Parameters<ServedFolder['ask']>): Promise<unknown> {
    const { value } = await this.ask(...request)
    return (value as { code?: unknown } | undefined)?.code
  }

  async names(path = ''): Promise<unknown[]> {
    const { lines } = await this.ask('GET', 'directory', { path })
    return lines.filter((line) => Array.isArray(line)).map((line) => (line as unknown[])[0])
  }

  /** A request whose body, answer and end are the test's business. */
  open(
    method: string,
    route: string,
    parameters: Readonly<Record<string, string | number>>,
    headers: Readonly<Record<string, string | number>> = {},
  ): ClientRequest {
    const opened = request(this.url(route, parameters), {
      method,
      headers: { ...this.#agentHeaders, ...headers },
    })
    opened.on('error', () => undefined)
    return opened
  }

  real(path: string): string {
    return join(this.rootDir, path)
  }

  outside(name: string): string {
    return join(this.outsideDir, name)
  }

  /** All names below the folder, temporary files included, sorted. */
  async namesOnDisk(): Promise<string[]> {
    return (await readdir(this.rootDir, { recursive: true })).sort()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync()
  }
}

export interface ServeOptions extends Partial<FileServiceStart> {
  readonly statusProgram?: string
}

export async function serveFolder(options: ServeOptions = {}): Promise<ServedFolder> {
  const { statusProgram, ...start } = options
  const stack = new AsyncDisposableStack()
  const { dir } = stack.use(await makeTempDir('file-service'))
  const rootDir = join(dir, 'root')
  await mkdir(rootDir)
  await mkdir(join(dir, 'outside'))
  const service = stack.use(
    await openFileService(
      { rootDir, token, readOnly: false, instanceId: undefined, ...start },
      {
        clock: systemClock,
        onFailure: () => undefined,
        ...(statusProgram === undefined ? {} : { statusProgram }),
      },
    ),
  )
  return new ServedFolder(dir, await service.listen(0, '127.0.0.1'), stack)
}

/** A folder of its own for each test of the surrounding `describe`. */
export function useServedFolder(options: ServeOptions = {}): () => ServedFolder {
  let folder: ServedFolder | undefined
  beforeEach(async () => {
    folder = await serveFolder(options)
  })
  afterEach(() => folder?.[Symbol.asyncDispose]())
  return () => folder!
}

export async function answerOf(opened: ClientRequest): Promise<IncomingMessage> {
  const [answer] = (await once(opened, 'response')) as [IncomingMessage]
  return answer
}
