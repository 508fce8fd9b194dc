import { constants } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { createServer, type SecureContextOptions, type Server, type TLSSocket } from 'node:tls'

import type { Clock } from '../../../../src-main/lib/clock.ts'
import type { Authority } from '../identity/authority.ts'
import { judge, type Verdict } from '../identity/judge.ts'
import type { BindRequest } from '../rpc/bind.ts'
import type { ServerIdentity } from '../tls/test-authority.ts'
import { admissionFor } from './admission.ts'
import { usualBehaviour, type Behaviour } from './behaviour.ts'
import { serveSession } from './session.ts'

export interface MountTargetOptions {
  readonly host: string
  readonly identity: ServerIdentity
  readonly authority: () => Authority
  readonly nfs: { readonly host: string; readonly port: number }
  readonly clock: Clock
}

/** One TLS connection, as a test wants to see it afterwards. */
export interface SeenConnection {
  readonly openedAtMs: number
  readonly verdict: Verdict
  readonly tlsVersion: string | null
  /** The name the client asked for. */
  readonly serverName: string | undefined
  readonly binds: readonly BindRequest[]
  readonly isOpen: boolean
}

/** The TLS end of a mount target. Any certificate gets through the handshake; what it is worth shows in NFS. */
export interface MountTarget extends AsyncDisposable {
  readonly port: number
  readonly behaviour: Behaviour
  /** All connections since the start whose handshake was completed, oldest first. */
  readonly connections: readonly SeenConnection[]
  /** Another certificate for the handshakes that follow. */
  present(identity: ServerIdentity): void
}

export async function startMountTarget(options: MountTargetOptions): Promise<MountTarget> {
  const connections: SeenConnection[] = []
  const behaviour = usualBehaviour()
  const sockets = new Set<Socket>()
  const server = createServer({
    ...secureContext(options.identity),
    requestCert: true,
    rejectUnauthorized: false,
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('secureConnection', (client) => {
    const seen = see(client, options)
    connections.push(seen)
    client.on('error', () => undefined)
    client.on('close', () => (seen.isOpen = false))
    const admission = admissionFor(seen.verdict, behaviour.refusesAll)
    const onBind = (request: BindRequest): void => void seen.binds.push(request)
    // What ends a session is for the client to tell; a broken record ends it too.
    serveSession({ client, admission, behaviour, nfs: options.nfs, onBind }).catch(() => client.destroy())
  })
  const port = await listen(server, options.host)
  return {
    port,
    behaviour,
    connections,
    present: (identity) => server.setSecureContext(secureContext(identity)),
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function secureContext(identity: ServerIdentity): SecureContextOptions {
  return {
    ...identity,
    minVersion: 'TLSv1.2',
    // A resumed session would bring the certificate of an earlier one, and a renewed identity would never be seen.
    secureOptions: constants.SSL_OP_NO_TICKET,
  }
}

function see(
  client: TLSSocket,
  { authority, clock }: MountTargetOptions,
): SeenConnection & { binds: BindRequest[]; isOpen: boolean } {
  const nowMs = clock.now()
  return {
    openedAtMs: nowMs,
    verdict: judge(client.getPeerX509Certificate()?.raw, authority(), nowMs),
    tlsVersion: client.getProtocol(),
    serverName: typeof client.servername === 'string' ? client.servername : undefined,
    binds: [],
    isOpen: true,
  }
}

async function listen(server: Server, host: string): Promise<number> {
  server.listen(0, host)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
