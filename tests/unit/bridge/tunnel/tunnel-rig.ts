import { PassThrough } from 'node:stream'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'

import type { BridgeEvent, TunnelHealth } from '../../../../docker/bridge/api/control.ts'
import { tunnelStartSchema, type TunnelStartInput } from '../../../../docker/bridge/api/start.ts'
import { systemClock } from '../../../../docker/bridge/lib/clock.ts'
import { isListening } from '../../../../docker/bridge/lib/listening.ts'
import { efsProxy } from '../../../../docker/bridge/tunnel/efs-proxy/efs-proxy.ts'
import { runTunnel } from '../../../../docker/bridge/tunnel/run-tunnel.ts'
import type { TunnelProgram } from '../../../../docker/bridge/tunnel/tunnel-program.ts'
import { freePort } from '../../../harness/nfs/free-port.ts'
import { makeTempDir } from '../../../harness/temp-dir.ts'
import { waitFor, within } from '../../../harness/wait-for.ts'
import { followEvents } from '../follow-events.ts'

export const token = 'ab'.repeat(32)

/** efs-proxy's words and files, in a program of ours. */
export const fakeEfsProxy: TunnelProgram = {
  ...efsProxy,
  program: process.execPath,
  args: (configPath) => [join(import.meta.dirname, '../../../fixtures/bridge/fake-tunnel.ts'), configPath],
}

export interface TunnelRig extends AsyncDisposable {
  readonly nfsPort: number
  /** Where its agent would listen. */
  readonly agentPort: number
  readonly exitCode: Promise<number>
  /** Everything said on `GET /v1/events` so far. */
  readonly events: readonly BridgeEvent[]
  health(): TunnelHealth | undefined
  until(what: string, condition: (health: TunnelHealth) => boolean): Promise<TunnelHealth>
  /** What happened to the fake program. */
  notes(): Promise<readonly string[]>
  request(method: string, path: string, body?: object, bearer?: string): Promise<Response>
  /** Sends a word to whoever listens as the tunnel. */
  say(word: string): Promise<void>
  end(): void
}

/** A tunnel's supervisor in this process, with a program of its own and real sockets. */
export async function startTunnelRig(
  changes: Partial<TunnelStartInput> = {},
  program: TunnelProgram = fakeEfsProxy,
): Promise<TunnelRig> {
  const temp = await makeTempDir('tunnel')
  const ports = { nfs: await freePort(), control: await freePort(), tunnelControl: await freePort() }
  const ending = new AbortController()
  const start = tunnelStartSchema.parse({
    role: 'tunnel',
    token,
    fileSystemId: 'fs-1',
    region: 'eu-central-1',
    connect: { host: '127.0.0.1', port: 9 },
    tlsName: 'fs-1.test',
    identity: { certificatePem: 'first', privateKeyPem: 'key', expiresAtMs: 1_000 },
    ...changes,
  })
  const exitCode = runTunnel({
    start,
    program,
    runDir: temp.dir,
    ports,
    isListening,
    clock: systemClock,
    output: new PassThrough().resume(),
    signal: ending.signal,
  })
  const request: TunnelRig['request'] = (method, path, body, bearer = token) =>
    fetch(`http://127.0.0.1:${ports.tunnelControl}${path}`, {
      method,
      headers: { authorization: `Bearer ${bearer}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  await waitFor(() => isListening(ports.tunnelControl), { what: 'the control service' })
  const events: BridgeEvent[] = []
  const reading = followEvents(await request('GET', '/v1/events'), events)
  const health = (): TunnelHealth | undefined => events.findLast((event) => event.type === 'tunnel')?.tunnel
  const end = (): void => ending.abort()
  return {
    nfsPort: ports.nfs,
    agentPort: ports.control,
    exitCode,
    events,
    health,
    until: (what, condition) =>
      waitFor(
        () => {
          const now = health()
          return now !== undefined && condition(now) ? now : undefined
        },
        // Where no name server answers, the system takes its time to say that there is no such name.
        { what, limitMs: 40_000 },
      ),
    notes: async () =>
      (await readFile(join(temp.dir, 'tunnel.conf.notes'), 'utf8').catch(() => '')).split('\n').slice(0, -1),
    request,
    say: (word) =>
      new Promise((resolve, reject) => {
        const socket = connect(ports.nfs, '127.0.0.1', () => socket.write(`${word}\n`))
        socket.once('error', reject).once('close', () => resolve())
        socket.resume()
      }),
    end,
    [Symbol.asyncDispose]: async () => {
      end()
      await within(exitCode, 'the end of the tunnel')
      await reading
      await temp[Symbol.asyncDispose]()
    },
  }
}
