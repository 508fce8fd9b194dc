import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

import { davClient, requestHead, type Dav } from '../../harness/dav-client.ts'
import { startTestFront, type TestFront } from '../../harness/front.ts'
import { openDescriptors, residentMib } from '../../harness/process-facts.ts'
import { RawConnection } from '../../harness/raw-connection.ts'
import { waitFor } from '../../harness/wait-for.ts'

const crowd = 200

describe('hostile connections', () => {
  let front: TestFront
  let dav: Dav
  let pid: number
  beforeAll(async () => {
    front = await startTestFront()
    dav = davClient(front)
    pid = front.pid
    await dav('PUT', 'file.txt', { body: 'content' })
  })
  afterEach(async () => {
    expect((await dav('GET', 'file.txt')).text).toBe('content')
    expect(front.pid).toBe(pid)
    expect(await residentMib(pid)).toBeLessThan(400)
  })
  // Ends within its limit although connections may be open: a shutdown does not wait for those that never will.
  afterAll(() => front.stop())

  const headOf = (method: string, path: string, headers: Record<string, string> = {}) =>
    requestHead({
      method,
      target: front.basePath + path,
      port: front.port,
      headers: { Connection: 'keep-alive', ...headers },
    })
  const open = () => RawConnection.open({ port: front.port })
  const openMany = (count: number) => Promise.all(Array.from({ length: count }, open))

  test.for([
    ['say nothing', ''],
    ['stop in the request line', 'GET /'],
    ['stop in the headers', 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: '],
    ['stop before the body', `PUT /x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n`],
  ] as const)(`${crowd} connections that %s keep nobody else waiting`, async ([, bytes]) => {
    const connections = await openMany(crowd)
    for (const connection of connections) await connection.write(bytes)
    for (let round = 0; round < 10; round += 1) {
      expect((await dav('GET', 'file.txt')).text).toBe('content')
    }
    for (const connection of connections) connection.close()
  })

  test('many uploads that crawl keep nobody else waiting and end whole', async () => {
    const connections = await openMany(50)
    const body = 'crawling'
    await Promise.all(
      connections.map((connection, index) =>
        connection.write(headOf('PUT', `crawl-${index}`, { 'Content-Length': String(body.length) })),
      ),
    )
    for (const letter of body) {
      for (const connection of connections) await connection.write(letter)
      expect((await dav('GET', 'file.txt')).text).toBe('content')
    }
    for (const [index, connection] of connections.entries()) {
      expect((await connection.response({ method: 'PUT' }))!.status).toBe(201)
      expect((await dav('GET', `crawl-${index}`)).text).toBe(body)
      connection.close()
    }
  })

  test('headers that come byte by byte are read', async () => {
    using connection = await open()
    for (const byte of headOf('GET', 'file.txt')) await connection.write(byte)
    expect((await connection.response())!.text).toBe('content')
  })

  test('a client that ends its side after the request is answered or let go at once', async () => {
    using connection = await RawConnection.open({ port: front.port, allowHalfOpen: true })
    connection.socket.end(headOf('GET', 'file.txt'), 'latin1')
    const answer = await connection.response()
    if (answer !== undefined) expect(answer.text).toBe('content')
    await connection.untilEnded()
  })

  test('half-open connections are let go', async () => {
    const before = await openDescriptors(pid)
    const connections = await Promise.all(
      Array.from({ length: crowd }, () => RawConnection.open({ port: front.port, allowHalfOpen: true })),
    )
    for (const connection of connections) connection.socket.end()
    await Promise.all(connections.map((connection) => connection.untilEnded()))
    for (const connection of connections) connection.close()
    // Those of the test before may have gone meanwhile.
    await waitFor(async () => before === undefined || (await openDescriptors(pid))! <= before, {
      what: 'the sockets to be closed',
    })
  })

  test('requests that come all at once are answered in order', async () => {
    using connection = await open()
    await Promise.all(
      Array.from({ length: 50 }, (_, index) => dav('PUT', `pipe-${index}`, { body: `#${index}` })),
    )
    await connection.write(Array.from({ length: 50 }, (_, index) => headOf('GET', `pipe-${index}`)).join(''))
    for (let index = 0; index < 50; index += 1) expect((await connection.response())!.text).toBe(`#${index}`)
  })

  test.for([
    ['garbage', '\u0000\u0001\u0002 garbage \r\n\r\n'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['HTTP/0.9', 'GET /\r\n\r\n'],
    ['an unknown version', 'GET / HTTP/9.9\r\nHost: x\r\n\r\n'],
    ['a chunk that is none', 'PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nboo\r\n'],
    [
      'an endless chunk extension',
      `PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;${'e'.repeat(200_000)}`,
    ],
    ['an endless line', 'G'.repeat(200_000)],
  ] as const)('%s after a good request is refused and the connection closed', async ([, garbage]) => {
    using connection = await open()
    await connection.write(headOf('GET', 'file.txt'))
    expect((await connection.response())!.text).toBe('content')
    await connection.write(garbage)
    const answer = await connection.response()
    if (answer !== undefined) expect(answer.status).toBeGreaterThanOrEqual(400)
    if (answer !== undefined) expect(answer.status).toBeLessThan(500)
    await connection.untilEnded()
  })

  test('the body of a refused upload is not taken for the next request', async () => {
    using connection = await open()
    const smuggled = headOf('DELETE', 'file.txt')
    const headers = { 'Content-Length': String(smuggled.length), 'If-None-Match': '*' }
    await connection.write(headOf('PUT', 'file.txt', headers) + smuggled)
    expect((await connection.response({ method: 'PUT' }))!.status).toBe(412)
    if (!connection.ended) {
      await connection.write(headOf('GET', 'file.txt'))
      const next = await connection.response()
      if (next !== undefined) expect(next.text).toBe('content')
    }
  })

  test('a body that GET and DELETE have no use for does not upset the connection', async () => {
    using connection = await open()
    await connection.write(
      `${headOf('GET', 'file.txt', { 'Content-Length': '5' })}hello${headOf('GET', 'file.txt')}`,
    )
    expect((await connection.response())!.text).toBe('content')
    expect((await connection.response())!.text).toBe('content')
  })
})
