import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { davClient, tryRequest, type Dav, type RawHeaders } from '../../harness/dav-client.ts'
import { startTestFront, type TestFront } from '../../harness/front.ts'
import { residentMib } from '../../harness/process-facts.ts'

describe('malformed headers', () => {
  let front: TestFront
  let dav: Dav
  let pid: number
  beforeAll(async () => {
    front = await startTestFront()
    dav = davClient(front)
    pid = front.pid
  })
  beforeEach(async () => {
    await dav('PUT', 'file.txt', { body: 'old' })
    await dav('MKCOL', 'folder')
  })
  afterEach(async () => {
    expect((await dav('GET', 'file.txt')).text).toBe('old')
    expect(front.pid).toBe(pid)
  })
  afterAll(() => front.stop())

  const lockBody =
    '<D:lockinfo xmlns:D="DAV:"><D:lockscope><D:shared/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>'

  test.for([
    ['PROPFIND', 'Depth', 'banana', [400]],
    ['PROPFIND', 'Depth', '2', [400]],
    ['PROPFIND', 'Depth', '-1', [400]],
    ['PROPFIND', 'Depth', '', [400, 403]],
    ['PROPFIND', 'Depth', '0, 1', [400]],
    ['PROPFIND', 'Depth', '1,noroot', [400]],
    ['PROPFIND', 'Depth', 'infinity', [403]],
    ['COPY', 'Depth', '1', [400]],
    ['MOVE', 'Depth', '0', [400]],
    ['LOCK', 'Depth', '1', [400]],
    ['COPY', 'Destination', '', [400]],
    ['COPY', 'Destination', 'not a url', [400, 403]],
    ['COPY', 'Destination', 'http://', [400, 403, 502]],
    ['COPY', 'Destination', 'http://[::1', [400, 403, 502]],
    ['COPY', 'Destination', '%', [400, 403]],
    ['COPY', 'Destination', `/${'x'.repeat(1_000)}`, [502]],
    ['COPY', 'Overwrite', 'X', [400]],
    ['COPY', 'Overwrite', 'TF', [400]],
    ['PUT', 'If', 'garbage', [400, 412]],
    ['PUT', 'If', '(', [400, 412]],
    ['PUT', 'If', '()', [400, 412]],
    ['PUT', 'If', '(<)', [400, 412]],
    ['PUT', 'If', '<not-closed (<urn:x>)', [400, 412]],
    ['PUT', 'If', '(Not)', [400, 412]],
    ['PUT', 'If', `(${'<urn:uuid:1>'.repeat(500)})`, [400, 412, 423]],
    ['PUT', 'If', '('.repeat(5_000), [400, 412]],
    ['PUT', 'If-Match', 'unquoted', [400, 412]],
    ['PUT', 'If-Match', '"open', [400, 412]],
    ['UNLOCK', 'Lock-Token', 'garbage', [400, 409]],
    ['UNLOCK', 'Lock-Token', '<opaquelocktoken:not-there>', [409]],
    ['UNLOCK', 'Lock-Token', '', [400, 409]],
    ['PUT', 'Content-Range', 'garbage', [400]],
    ['PUT', 'Content-Encoding', 'gzip', [415, 400]],
  ] as const)('%s with %s: %s is refused', async ([method, name, value, statuses]) => {
    const headers: Record<string, string> = { Destination: `${front.url}copy.txt`, [name]: value }
    const path = method === 'COPY' || method === 'MOVE' ? 'folder' : 'file.txt'
    const body = method === 'PUT' ? { body: 'new' } : method === 'LOCK' ? { body: lockBody } : {}
    const answer = await dav(method, path, { headers, ...body })
    expect(statuses).toContain(answer.status)
    expect((await dav('GET', 'copy.txt')).status).toBe(404)
  })

  test('COPY and MOVE without a Destination are refused', async () => {
    expect((await dav('COPY', 'file.txt')).status).toBe(400)
    expect((await dav('MOVE', 'file.txt')).status).toBe(400)
  })

  test.for([
    ['forever'],
    ['Second-'],
    ['Second--5'],
    ['Second-99999999999999999999'],
    ['Infinite, Second-1'],
    [', ,'],
  ])('LOCK takes the Timeout %s for a wish it may ignore', async ([timeout]) => {
    const answer = await dav('LOCK', 'file.txt', { headers: { Timeout: timeout! }, body: lockBody })
    expect(answer.status).toBe(200)
    const seconds = Number(/Second-(\d+)/.exec(answer.text)?.[1])
    expect(seconds).toBeGreaterThan(0)
    expect(seconds).toBeLessThan(2 ** 32)
    const token = answer.headers['lock-token']!
    expect((await dav('UNLOCK', 'file.txt', { headers: { 'Lock-Token': token } })).status).toBe(204)
  })

  const framings: readonly (readonly [string, RawHeaders])[] = [
    ['a length that is no number', { 'Content-Length': 'abc' }],
    ['a negative length', { 'Content-Length': '-1' }],
    ['a length in scientific notation', { 'Content-Length': '1e3' }],
    ['a length in hexadecimal', { 'Content-Length': '0x3' }],
    ['a length beyond 64 bits', { 'Content-Length': '99999999999999999999999' }],
    [
      'two lengths',
      [
        ['Content-Length', '3'],
        ['Content-Length', '4'],
      ],
    ],
    [
      'a length and chunks at once',
      [
        ['Content-Length', '3'],
        ['Transfer-Encoding', 'chunked'],
      ],
    ],
    [
      'chunks and a length at once',
      [
        ['Transfer-Encoding', 'chunked'],
        ['Content-Length', '3'],
      ],
    ],
    ['chunks that are not the last coding', { 'Transfer-Encoding': 'chunked, gzip' }],
    ['an unknown coding', { 'Transfer-Encoding': 'cabbage' }],
    ['a disguised coding', { 'Transfer-Encoding': '\u000bchunked' }],
    ['a folded header', { 'X-Folded': 'one\r\n two' }],
    ['a header name with a space', { 'Content-Length ': '3' }],
    ['a header without a name', { '': 'nameless' }],
    ['a NUL in a header', { 'X-Nul': 'a\0b' }],
    ['a bare line feed in a header', { 'X-Lf': 'a\nX-Smuggled: b' }],
    [
      'two hosts',
      [
        ['Host', '127.0.0.1'],
        ['Host', 'evil.example'],
      ],
    ],
  ]
  test.for(framings)('a PUT with %s is refused or the connection is closed', async ([, headers]) => {
    const target = `${front.basePath}file.txt`
    const answer = await tryRequest({ method: 'PUT', target, port: front.port, headers, body: 'new' })
    if (answer !== undefined) expect([400, 403, 411, 413, 415, 501]).toContain(answer.status)
  })

  test.for([
    ['ten thousand headers', Array.from({ length: 10_000 }, (_, index) => [`X-${index}`, 'flood'] as const)],
    ['a header of one megabyte', [['X-Flood', 'x'.repeat(1_000_000)] as const]],
    ['a header name of 100,000 bytes', [['X'.repeat(100_000), 'flood'] as const]],
    [
      'a thousand cookies of 1,000 bytes',
      Array.from({ length: 1_000 }, () => ['Cookie', 'c'.repeat(1_000)] as const),
    ],
  ] as const)('%s are refused', async ([, headers]) => {
    const target = `${front.basePath}file.txt`
    for (let round = 0; round < 20; round += 1) {
      const answer = await tryRequest({ method: 'GET', target, port: front.port, headers })
      if (answer !== undefined) expect([400, 431]).toContain(answer.status)
    }
    expect(await residentMib(pid)).toBeLessThan(400)
  })

  test.for([
    ['BREW'],
    ['POST'],
    ['PATCH'],
    ['TRACE'],
    ['CONNECT'],
    ['SEARCH'],
    ['REPORT'],
    ['VERSION-CONTROL'],
  ])('the method %s is refused', async ([method]) => {
    const target = method === 'CONNECT' ? '127.0.0.1:22' : `${front.basePath}file.txt`
    const answer = await tryRequest({ method: method!, target, port: front.port, body: 'x' })
    if (answer !== undefined) expect([400, 403, 404, 405, 501]).toContain(answer.status)
    if (answer?.status === 405) expect(answer.headers['allow']).toMatch(/PROPFIND/)
  })

  test('an upgrade is not taken up', async () => {
    const headers = {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Key': 'AAAA',
      'Sec-WebSocket-Version': '13',
    }
    const answer = await dav('GET', 'file.txt', { headers })
    expect(answer.status).not.toBe(101)
    expect(answer.status).toBeLessThan(500)
  })
})
