import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createServer, type Server } from 'node:tls'

import { afterAll, beforeAll, expect, test } from 'vitest'

import type { TunnelIdentity } from '../../../../docker/bridge/api/start.ts'
import { stunnel } from '../../../../docker/bridge/tunnel/stunnel/stunnel.ts'
import { needs } from '../../../harness/needs.ts'
import { makeTempDir, type TempDir } from '../../../harness/temp-dir.ts'
import { waitFor } from '../../../harness/wait-for.ts'
import { startTunnelRig, type TunnelRig } from './tunnel-rig.ts'

const tlsName = 'fs-1.test'

interface Pair {
  readonly certificatePem: string
  readonly privateKeyPem: string
}

needs('stunnel4')('stunnel as the tunnel', () => {
  let temp: TempDir
  let server: Server
  let serverPair: Pair
  let first: TunnelIdentity
  let second: TunnelIdentity
  /** The names on the client certificates that the server has seen, oldest first. */
  const seen: string[] = []

  beforeAll(async () => {
    temp = await makeTempDir('stunnel')
    serverPair = await makePair(temp.dir, tlsName)
    first = { ...(await makePair(temp.dir, 'first')), expiresAtMs: 1_000 }
    second = { ...(await makePair(temp.dir, 'second')), expiresAtMs: 2_000 }
    server = createServer(
      {
        key: serverPair.privateKeyPem,
        cert: serverPair.certificatePem,
        requestCert: true,
        rejectUnauthorized: false,
      },
      (socket) => {
        seen.push(String(socket.getPeerCertificate().subject.CN))
        socket.on('error', () => undefined)
        // An end before the word has come would be a reset for whoever says it.
        socket.once('data', () => socket.end('hello'))
      },
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })

  afterAll(async () => {
    server.close()
    await temp[Symbol.asyncDispose]()
  })

  const start = (changes: object = {}): Promise<TunnelRig> =>
    startTunnelRig(
      {
        connect: { host: '127.0.0.1', port: portOf(server) },
        tlsName,
        caPem: serverPair.certificatePem,
        identity: first,
        ...changes,
      },
      stunnel,
    )

  test('presents the identity, and a new one on the next connection after it was replaced', async () => {
    await using tunnel = await start()
    await tunnel.until('stunnel', ({ state }) => state === 'up')
    seen.length = 0
    await tunnel.say('hello')
    expect((await tunnel.request('PUT', '/v1/identity', second)).status).toBe(204)
    // It listens anew with what it reads then: a connection of that moment is reset, and whoever made it makes another.
    const isHeard = (): Promise<boolean> =>
      tunnel.say('hello').then(
        () => true,
        () => false,
      )
    await waitFor(isHeard, { what: 'a connection after the reload' })
    expect(seen).toEqual(['first', 'second'])
    expect(
      await tunnel.until('its expiry', ({ identityExpiresAtMs }) => identityExpiresAtMs === 2_000),
    ).toEqual({
      state: 'up',
      restarts: 0,
      identityExpiresAtMs: 2_000,
    })
  })

  test.each<[string, () => object, string]>([
    ['a server that somebody else vouches for', () => ({ caPem: first.certificatePem }), 'server-untrusted'],
    ['a server of another name', () => ({ tlsName: 'fs-2.test' }), 'server-name-wrong'],
    ['a port where nobody listens', () => ({ connect: { host: '127.0.0.1', port: 1 } }), 'server-refused'],
    [
      'a name that leads nowhere',
      () => ({ connect: { host: 'nosuch.invalid', port: 1 } }),
      'server-unresolved',
    ],
  ])(
    'says so of %s',
    async (_, changes, code) => {
      await using tunnel = await start(changes())
      await tunnel.until('stunnel', ({ state }) => state !== 'unknown' && state !== 'starting')
      await tunnel.say('hello').catch(() => undefined)
      const health = await tunnel.until('trouble', ({ state }) => state === 'down')
      expect(health.error?.code).toBe(code)
    },
    60_000,
  )

  test('says so of an identity that it cannot read, and recovers with a good one', async () => {
    await using tunnel = await start({ identity: { ...first, certificatePem: 'nonsense' } })
    const health = await tunnel.until('trouble', ({ error }) => error !== undefined)
    expect(health.error?.code).toBe('tunnel-identity-unreadable')
    await tunnel.request('PUT', '/v1/identity', second)
    await tunnel.until('recovery', ({ state }) => state === 'up')
  })
})

async function makePair(dir: string, name: string): Promise<Pair> {
  const keyPath = join(dir, `${name}.key`)
  const certificatePath = join(dir, `${name}.crt`)
  const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${name}`]
  await promisify(execFile)('openssl', [
    ...args,
    ...['-addext', `subjectAltName=DNS:${name}`, '-keyout', keyPath, '-out', certificatePath],
  ])
  return {
    certificatePem: await readFile(certificatePath, 'utf8'),
    privateKeyPem: await readFile(keyPath, 'utf8'),
  }
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
