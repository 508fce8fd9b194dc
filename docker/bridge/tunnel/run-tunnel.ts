import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { agentStopTimeoutMs } from '../api/image.ts'
import { bridgeExitCodes, type TunnelStart } from '../api/start.ts'
import { whenAborted } from '../lib/aborted.ts'
import type { Clock } from '../lib/clock.ts'
import { startControlServer } from '../lib/control-server.ts'
import { createEventHub, printEvents } from '../lib/event-hub.ts'
import { createIdentityFiles } from './identity-files.ts'
import { TunnelSupervisor } from './supervisor.ts'
import type { TunnelFiles, TunnelProgram } from './tunnel-program.ts'
import { tunnelRoutes } from './tunnel-routes.ts'

const agentPollMs = 100

export interface RunTunnelOptions {
  readonly start: TunnelStart
  readonly program: TunnelProgram
  readonly runDir: string
  /** `control` is the agent's, in the same network. */
  readonly ports: { readonly nfs: number; readonly control: number; readonly tunnelControl: number }
  readonly isListening: (port: number) => Promise<boolean>
  readonly clock: Clock
  readonly output: NodeJS.WritableStream
  /** Aborted when the container is to end. */
  readonly signal: AbortSignal
}

/** The whole life of a tunnel container after its start line; resolves with its exit code. */
export async function runTunnel({
  start,
  program,
  runDir,
  ports,
  isListening,
  clock,
  output,
  signal,
}: RunTunnelOptions): Promise<number> {
  const hub = createEventHub()
  using _printing = printEvents(hub, output)
  const identityFiles = createIdentityFiles(runDir)
  await identityFiles.write(start.identity)
  const files: TunnelFiles = {
    configPath: join(runDir, 'tunnel.conf'),
    certificatePath: identityFiles.certificatePath,
    privateKeyPath: identityFiles.privateKeyPath,
    caPath: start.caPem === undefined ? program.defaultCaPath : join(runDir, 'ca.pem'),
    pidPath: join(runDir, 'tunnel.pid'),
  }
  if (start.caPem !== undefined) await writeFile(files.caPath, start.caPem, { mode: 0o600 })
  await writeFile(files.configPath, program.config(start, files, ports.nfs), { mode: 0o600 })
  await using supervisor = new TunnelSupervisor({
    program,
    configPath: files.configPath,
    clock,
    isListening: () => isListening(ports.nfs),
    onHealth: (tunnel) => hub.publish({ type: 'tunnel', tunnel }),
    onLine: (text, level) => hub.publish({ type: 'log', level, source: 'tunnel', text }),
  })
  supervisor.setExpiry(start.identity.expiresAtMs)
  await using _server = await startControlServer({
    host: '127.0.0.1',
    port: ports.tunnelControl,
    token: start.token,
    routes: tunnelRoutes({ supervisor, identityFiles, hub, clock }),
  })
  supervisor.start()
  await whenAborted(signal)
  await untilAgentEnded(() => isListening(ports.control), clock)
  return bridgeExitCodes.ended
}

/** An engine that shuts down, or a keeper that dies, asks both containers to end at once; the agent unmounts through this tunnel. */
async function untilAgentEnded(isAgentThere: () => Promise<boolean>, clock: Clock): Promise<void> {
  const latestMs = clock.monotonicMs() + agentStopTimeoutMs
  while (clock.monotonicMs() < latestMs && (await isAgentThere())) await clock.sleep(agentPollMs)
}
