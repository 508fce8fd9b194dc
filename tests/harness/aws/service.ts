import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request as a service sees it, its body complete. */
export interface AwsRequest {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface AwsReply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** What a service does instead of its work; a test sets it at any time. */
export type Misbehaviour =
  | { readonly kind: 'throttle' }
  | { readonly kind: 'fail'; readonly status: number }
  /** Takes the request and never answers. */
  | { readonly kind: 'hang' }
  /** Cuts the connection. */
  | { readonly kind: 'cut' }

export interface AwsService extends AsyncDisposable {
  readonly url: string
  /** Every request that came in, in order. */
  readonly requests: readonly AwsRequest[]
  /** For the next `times` requests, or all of them. */
  misbehave(how: Misbehaviour | undefined, times?: number): void
}

export interface AwsServiceOptions {
  /** Answers one request. A throw is a bug of the test and ends in 599. */
  readonly answer: (request: AwsRequest) => AwsReply | Promise<AwsReply>
  /** The clock on this service's wall; also what its `Date` header says. */
  readonly nowMs: () => number
  /** How this service says that it is asked too much, or is broken. */
  readonly refuse: (code: 'Throttling' | 'InternalFailure', status: number) => AwsReply
}

/** A real HTTP server on this machine that plays one of AWS's services. */
export async function startAwsService(options: AwsServiceOptions): Promise<AwsService> {
  const requests: AwsRequest[] = []
  let misbehaviour: { how: Misbehaviour; left: number } | undefined

  const takeMisbehaviour = (): Misbehaviour | undefined => {
    if (misbehaviour === undefined || misbehaviour.left === 0) return undefined
    misbehaviour.left -= 1
    return misbehaviour.how
  }
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const request = await readRequest(incoming)
    requests.push(request)
    const how = takeMisbehaviour()
    if (how?.kind === 'hang') return
    if (how?.kind === 'cut') return void incoming.socket.destroy()
    const reply =
      how?.kind === 'throttle'
        ? options.refuse('Throttling', 400)
        : how?.kind === 'fail'
          ? options.refuse('InternalFailure', how.status)
          : await options.answer(request)
    outgoing.writeHead(reply.status, { ...reply.headers, date: new Date(options.nowMs()).toUTCString() })
    outgoing.end(reply.body)
  }
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch((error: unknown) => {
      outgoing.writeHead(599)
      outgoing.end(String(error))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    misbehave: (how, times = Infinity) => {
      misbehaviour = how && { how, left: times }
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function readRequest(incoming: IncomingMessage): Promise<AwsRequest> {
  const parts: Buffer[] = []
  for await (const part of incoming as AsyncIterable<Buffer>) parts.push(part)
  const headers = Object.entries(incoming.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(',') : (value ?? ''),
  ])
  return {
    method: incoming.method ?? '',
    url: new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? 'localhost'}`),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: Buffer.concat(parts).toString(),
  }
}
