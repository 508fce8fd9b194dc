import { createServer } from 'node:http'
import { rm } from 'node:fs/promises'
import { once } from 'node:events'

export interface PlayedEngine extends AsyncDisposable {
  /** Each as `GET /info`, without the version of the API. */
  readonly requests: readonly string[]
}

export interface PlayedEngineOptions {
  readonly version?: string
  /** As engines call the system they run on. */
  readonly operatingSystem?: string
}

/**
 * A container engine as far as it is looked at before anything is done with it: it tells what it is on the API of Docker. All else it is asked for
 * it takes for as long as it is there, so that a drive stays on its way.
 */
export async function playEngine(
  socketPath: string,
  { version = '28.5.1', operatingSystem = 'Docker Desktop' }: PlayedEngineOptions = {},
): Promise<PlayedEngine> {
  const facts: Readonly<Record<string, unknown>> = {
    '/version': {
      Version: version,
      ApiVersion: '1.51',
      Os: 'linux',
      Arch: process.arch === 'arm64' ? 'arm64' : 'amd64',
      KernelVersion: '6.10.14-linuxkit',
    },
    '/info': {
      Name: 'played',
      OperatingSystem: operatingSystem,
      CgroupVersion: '2',
      NCPU: 2,
      MemTotal: 2 ** 32,
    },
  }
  const requests: string[] = []
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/^\/v[\d.]+/, '')
    requests.push(`${request.method} ${path}`)
    request.resume()
    const answer = facts[path]
    // No image is there yet, so one is built.
    if (path.startsWith('/images/')) response.writeHead(404).end('{"message":"No such image"}')
    if (answer === undefined) return
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify(answer))
  })
  server.listen(socketPath)
  await once(server, 'listening')
  return {
    requests,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
      await rm(socketPath, { force: true })
    },
  }
}
