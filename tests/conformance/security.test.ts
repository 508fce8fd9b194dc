import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { davClient, request, tryRequest, type Dav } from '../harness/dav-client.ts'
import { startTestFront, type TestFront } from '../harness/front.ts'
import { RawConnection } from '../harness/raw-connection.ts'

const methods = [
  ...[
    'OPTIONS',
    'GET',
    'HEAD',
    'PUT',
    'DELETE',
    'MKCOL',
    'PROPFIND',
    'PROPPATCH',
    'MOVE',
    'COPY',
    'LOCK',
    'UNLOCK',
  ],
  ...['POST', 'PATCH', 'TRACE', 'BREW'],
]

describe('who may speak to a front', () => {
  let front: TestFront
  let dav: Dav
  beforeAll(async () => {
    front = await startTestFront()
    dav = davClient(front)
    await dav('PUT', 'secret.txt', { body: 'for the mounted volume only' })
  })
  afterAll(async () => {
    expect((await dav('GET', 'secret.txt')).text).toBe('for the mounted volume only')
    await front.stop()
  })

  test('the path holds 128 unguessable bits', () => {
    expect(front.basePath.split('/')[1]).toMatch(/^[0-9a-f]{32}$/)
    expect(front.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\//)
  })

  test('only this machine reaches it, and only by 127.0.0.1', async () => {
    const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
    const others = own.map(({ address, scopeid }) => (scopeid ? `${address}%${scopeid}` : address))
    // All of 127/8 leads here on Linux: a listener on 0.0.0.0 would answer there too.
    if (process.platform === 'linux') others.push('127.0.0.2')
    const refusing = others.filter((address) => address !== '127.0.0.1')
    expect(refusing).not.toEqual([])
    for (const address of refusing) expect(await canConnect(address, front.port), address).toBe(false)
    expect(await canConnect('127.0.0.1', front.port)).toBe(true)
  })

  /** Paths that somebody may try who knows the port but not the secret. */
  const guesses = () => {
    const { pathSecret } = front
    const wrong = (pathSecret.startsWith('0') ? '1' : '0') + pathSecret.slice(1)
    return [
      ...['/', '', '/secret.txt', '//', '/%2e', '/..', '/index.html', '/favicon.ico', '/robots.txt'],
      ...[`/${wrong}/`, `/${wrong}/secret.txt`, `/${'0'.repeat(32)}/secret.txt`],
      ...[`/${pathSecret.slice(0, -1)}/secret.txt`, `/${pathSecret}0/secret.txt`, `/${pathSecret}secret.txt`],
      ...[`/${pathSecret.toUpperCase()}A/`, `/${pathSecret.slice(0, 31)}%2f/`, `/?${pathSecret}/secret.txt`],
    ]
  }

  test.for(methods)('%s without the secret finds nothing', async (method) => {
    for (const target of guesses()) {
      const answer = await tryRequest({
        method,
        target: target === '' ? '/' : target,
        port: front.port,
        headers: { Depth: '1', Destination: `http://127.0.0.1:${front.port}${front.basePath}x` },
      })
      if (answer === undefined) continue
      // Node refuses a method it does not know before any path is looked at.
      expect(method === 'BREW' ? [400, 404] : [404], target).toContain(answer.status)
      expect(answer.text, target).not.toContain('secret')
      expect(answer.text, target).not.toContain('multistatus')
    }
  })

  test('a wrong secret is answered the same, whatever there is behind the right one', async () => {
    const answers = []
    for (const path of ['secret.txt', 'nothing.txt', '', 'a/b/c']) {
      for (const secret of ['0'.repeat(32), `${front.pathSecret.slice(0, -1)}!`]) {
        const { status, headers, text } = await request({
          method: 'GET',
          target: `/${secret}/${path}`,
          port: front.port,
        })
        const { date: _date, ...rest } = headers
        answers.push({ status, headers: rest, text })
      }
    }
    for (const answer of answers) expect(answer).toEqual(answers[0])
  })

  test('a Destination without the secret is no way in or out', async () => {
    for (const Destination of [
      '/stolen.txt',
      `/${'0'.repeat(32)}/stolen.txt`,
      `http://127.0.0.1:${front.port}/stolen.txt`,
    ]) {
      for (const method of ['MOVE', 'COPY']) {
        const answer = await dav(method, 'secret.txt', { headers: { Destination } })
        expect([400, 403, 404, 409, 502]).toContain(answer.status)
      }
    }
  })

  const wrongHosts = () => [
    'evil.example',
    `evil.example:${front.port}`,
    `127.0.0.1.evil.example:${front.port}`,
    `127.0.0.1:${front.port === 80 ? 81 : 80}`,
    `127.0.0.1:${front.port}0`,
    `127.0.0.1:${front.port}@evil.example`,
    `[::1]:${front.port}`,
    `0.0.0.0:${front.port}`,
    `2130706433:${front.port}`,
    `0x7f.1:${front.port}`,
    '',
  ]

  test.for(methods.filter((method) => method !== 'BREW'))(
    '%s with the secret but a wrong Host is refused',
    async (method) => {
      for (const Host of wrongHosts()) {
        const headers = { Host, Depth: '1', Destination: `http://${Host}${front.basePath}stolen.txt` }
        const answer = await request({
          method,
          target: `${front.basePath}secret.txt`,
          port: front.port,
          headers,
        })
        expect([400, 403], Host).toContain(answer.status)
        expect(answer.text, Host).not.toContain('mounted volume')
      }
    },
  )

  test('HTTP/1.1 without a Host is refused, and so is HTTP/1.0', async () => {
    for (const version of ['1.1', '1.0']) {
      using connection = await RawConnection.open({ port: front.port })
      await connection.write(`GET ${front.basePath}secret.txt HTTP/${version}\r\n\r\n`)
      const answer = await connection.response()
      expect([400, 403], version).toContain(answer!.status)
    }
  })

  test('what a browser might be told to do with an answer, it is told not to', async () => {
    await dav('PUT', 'page.html', { body: '<script>alert(1)</script>' })
    const { headers } = await dav('GET', 'page.html')
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['cross-origin-resource-policy']).toBe('same-origin')
    for (const name of [
      'access-control-allow-origin',
      'access-control-allow-methods',
      'set-cookie',
      'x-powered-by',
    ]) {
      expect(headers[name], name).toBeUndefined()
    }
    const preflight = { Origin: 'http://evil.example', 'Access-Control-Request-Method': 'PUT' }
    const options = await dav('OPTIONS', 'page.html', { headers: preflight })
    expect(options.headers['access-control-allow-origin']).toBeUndefined()
    expect(options.headers['access-control-allow-methods']).toBeUndefined()
  })
})

function canConnect(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: 2_000 })
    const done = (connected: boolean) => {
      socket.destroy()
      resolve(connected)
    }
    socket.on('connect', () => done(true))
    socket.on('error', () => done(false))
    socket.on('timeout', () => done(false))
  })
}
