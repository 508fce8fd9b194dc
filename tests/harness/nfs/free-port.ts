import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below the ports that the system gives to connections: one of those could take the port while a server is down between two lives. */
const firstPort = 20_000
const portCount = 12_000
const triesLimit = 50
/** Each of Vitest's workers looks in its own, so that none takes what another has found and not begun to use. */
const laneCount = 16

/** A port on the loopback that nobody listens on, for a server that must be told its port and keeps it. */
export async function freePort(): Promise<number> {
  const lane = Number(process.env['VITEST_POOL_ID'] ?? 0) % laneCount
  for (let tries = 0; tries < triesLimit; tries++) {
    const port = firstPort + lane + laneCount * Math.floor((Math.random() * portCount) / laneCount)
    if (await isFree(port)) return port
  }
  throw new Error(`no free port found in ${triesLimit} tries`)
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return true
  } catch {
    return false
  } finally {
    server.close()
  }
}
