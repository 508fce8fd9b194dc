import { systemClock, type Clock } from '../../../src-main/lib/clock.ts'
import { allClientActions, type Authority, type Principal } from './identity/authority.ts'
import { openTcpLink, type TcpLink } from './link/tcp-link.ts'
import { startMountTarget, type MountTarget } from './mount-target/mount-target.ts'
import { createTestAuthority } from './tls/test-authority.ts'

export interface SimulatedTargetOptions {
  /** A real NFSv4.2 server. */
  readonly nfs: { readonly host: string; readonly port: number }
  readonly fileSystemId?: string
  readonly region?: string
  readonly authority?: Partial<Authority>
  /** Where to listen; 127.0.0.1 unless told otherwise. */
  readonly host?: string
  readonly port?: number
  readonly clock?: Clock
}

/** Which certificate the server shows. */
export type ServerCertificate = 'right' | 'wrong-name' | 'untrusted'

/** An S3 Files mount target as the tunnel meets it: a network path, TLS, judgement, and an NFS server behind it. */
export interface SimulatedTarget extends AsyncDisposable {
  readonly host: string
  readonly port: number
  /** What the tunnel asks for in TLS and checks the certificate against. */
  readonly tlsName: string
  readonly caPem: string
  readonly link: TcpLink
  readonly target: MountTarget
  readonly authority: Authority
  /** For the connections that come; those that are there were judged. */
  changeAuthority(change: Partial<Authority>): void
  present(certificate: ServerCertificate): void
}

/** AWS's own documented example key pair, with all rights and a token that lasts. */
export const examplePrincipal: Principal = {
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  session: { token: 'IQoJb3JpZ2luX2VjEXAMPLE/Token+Value==', expiresAtMs: Date.UTC(2099, 0, 1) },
  actions: allClientActions,
}

export const exampleFileSystemId = 'fs-0123456789abcdef0'
export const exampleRegion = 'eu-central-1'

export async function startSimulatedTarget(options: SimulatedTargetOptions): Promise<SimulatedTarget> {
  const { nfs, clock = systemClock, host = '127.0.0.1', port = 0 } = options
  const { fileSystemId = exampleFileSystemId, region = exampleRegion } = options
  let authority: Authority = {
    fileSystemId,
    region,
    accessPoints: [],
    principals: [examplePrincipal],
    ...options.authority,
  }
  const tlsName = `${fileSystemId}.s3files.${region}.on.aws`
  const trusted = await createTestAuthority('Mountbar test CA', clock.now())
  const untrusted = await createTestAuthority('Somebody else’s CA', clock.now())
  const identities = {
    right: await trusted.issue([tlsName]),
    'wrong-name': await trusted.issue([`fs-00000000000000000.s3files.${region}.on.aws`]),
    untrusted: await untrusted.issue([tlsName]),
  }
  await using resources = new AsyncDisposableStack()
  const target = resources.use(
    await startMountTarget({
      host: '127.0.0.1',
      identity: identities.right,
      authority: () => authority,
      nfs,
      clock,
    }),
  )
  const to = { host: '127.0.0.1', port: target.port }
  const link = resources.use(await openTcpLink({ to, host, port, clock }))
  const owned = resources.move()
  return {
    host,
    get port() {
      return link.port
    },
    tlsName,
    caPem: trusted.caPem,
    link,
    target,
    get authority() {
      return authority
    },
    changeAuthority: (change) => void (authority = { ...authority, ...change }),
    present: (certificate) => target.present(identities[certificate]),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
