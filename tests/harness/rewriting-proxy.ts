import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

export interface RewritingProxy extends AsyncDisposable {
  readonly port: number
}

/**
 * Hands requests on to the server on `targetPort` under another User-Agent, so that a client which cannot change its own
 * gets the manner the server keeps for somebody else. Its own address is replaced by the target's in every header that
 * holds one (Host, Destination, If).
 */
export async function startRewritingProxy(targetPort: number, userAgent: string): Promise<RewritingProxy> {
  const server = createServer((incoming, outgoing) => forward(incoming, outgoing))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  const forward = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const headers = incoming.rawHeaders.map((text, index) =>
      index % 2 === 0 ? text : text.replaceAll(`127.0.0.1:${port}`, `127.0.0.1:${targetPort}`),
    )
    const kept = pairs(headers).filter(([name]) => !['user-agent', 'expect'].includes(name.toLowerCase()))
    const hasBody = ['content-length', 'transfer-encoding'].some((name) => name in incoming.headers)
    const onward = httpRequest({
      host: '127.0.0.1',
      port: targetPort,
      method: incoming.method,
      path: incoming.url,
      // Without a length Node would announce a chunked body, which MKCOL and COPY may refuse.
      headers: [...kept, ['User-Agent', userAgent], ...(hasBody ? [] : [['Content-Length', '0']])].flat(),
    })
    onward.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.rawHeaders)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  }

  return {
    port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function pairs(flat: readonly string[]): [string, string][] {
  return flat.flatMap((name, index): [string, string][] =>
    index % 2 === 0 ? [[name, flat[index + 1]!]] : [],
  )
}
