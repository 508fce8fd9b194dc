import { once } from 'node:events'
import { createServer } from 'node:net'

/** A port of the loopback that is free now. Another program may take it meanwhile; then the plugin says so. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string')
    throw new Error('a TCP server has an address with a port')
  return address.port
}
