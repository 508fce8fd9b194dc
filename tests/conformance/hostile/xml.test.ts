import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

import { davClient, request, requestHead, type Dav } from '../../harness/dav-client.ts'
import { startTestFront, type TestFront } from '../../harness/front.ts'
import { parseMultistatus } from '../../harness/multistatus.ts'
import { residentMib } from '../../harness/process-facts.ts'
import { RawConnection } from '../../harness/raw-connection.ts'

const mebi = 1024 * 1024
const head = '<?xml version="1.0" encoding="utf-8"?>\n'

/** `levels` elements inside each other, within a request that has three levels of its own. */
const nested = (levels: number) => '<X:n xmlns:X="urn:x">'.repeat(levels) + '</X:n>'.repeat(levels)
const propfind = (content: string) =>
  `${head}<D:propfind xmlns:D="DAV:"><D:prop>${content}</D:prop></D:propfind>`
const proppatch = (content: string) =>
  `${head}<D:propertyupdate xmlns:D="DAV:"><D:set><D:prop>${content}</D:prop></D:set></D:propertyupdate>`
const names = (count: number) => Array.from({ length: count }, (_, index) => `<D:p${index}/>`).join('')

const entityBomb = [
  '<!DOCTYPE bomb [<!ENTITY a "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa">',
  ...Array.from({ length: 10 }, (_, level) => {
    const inner = level === 0 ? '&a;' : `&b${level - 1};`
    return `<!ENTITY b${level} "${inner.repeat(10)}">`
  }),
  ']>',
].join('')

const hostileBodies: readonly (readonly [string, string | Buffer])[] = [
  ['nothing like XML', 'hello'],
  ['JSON', '{"propfind": true}'],
  ['binary rubbish', Buffer.from(Array.from({ length: 4_096 }, (_, index) => (index * 131) % 256))],
  ['white space only', '   \n  '],
  ['an unclosed element', '<D:propfind xmlns:D="DAV:"><D:prop>'],
  ['two roots', '<a/><b/>'],
  ['an unbound prefix', '<D:propfind><D:prop/></D:propfind>'],
  ['a DTD', `<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">${propfind('').slice(head.length)}`],
  ['an internal DTD', `<!DOCTYPE x [<!ELEMENT x ANY>]>${propfind('').slice(head.length)}`],
  ['an entity bomb', `${entityBomb}${propfind('<D:x>&b9;</D:x>').slice(head.length)}`],
  [
    'an external entity',
    `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${proppatch('<D:x>&e;</D:x>').slice(head.length)}`,
  ],
  [
    'a parameter entity',
    `<!DOCTYPE x [<!ENTITY % e SYSTEM "file:///etc/passwd"> %e;]>${propfind('').slice(head.length)}`,
  ],
  ['an undefined entity', propfind('<D:x>&nobody;</D:x>')],
  [
    'invalid UTF-8',
    Buffer.concat([Buffer.from(propfind('')).subarray(0, -20), Buffer.from([0xff, 0xfe, 0xc0])]),
  ],
  ['a NUL', propfind('<D:x>\0</D:x>')],
  ['a reference to a character that XML has not', propfind('<D:x>&#0;</D:x>')],
  ['nesting of depth 65', propfind(nested(63))],
  ['nesting of depth 10,000', propfind(nested(10_000))],
  ['an attribute given twice', propfind('<D:x a="1" a="2"/>')],
]

describe('hostile XML', () => {
  let front: TestFront
  let dav: Dav
  let pid: number
  beforeAll(async () => {
    front = await startTestFront()
    dav = davClient(front)
    pid = front.pid
    await dav('PUT', 'file.txt', { body: 'x' })
  })
  afterEach(async () => {
    expect((await dav('GET', 'file.txt')).text).toBe('x')
    expect(front.pid).toBe(pid)
    expect(await residentMib(pid)).toBeLessThan(400)
  })
  afterAll(() => front.stop())

  describe.for([['PROPFIND'], ['PROPPATCH'], ['LOCK']] as const)('in %s', ([method]) => {
    test.for(hostileBodies)('is refused: %s', async ([, body]) => {
      const headers = { 'Content-Type': 'application/xml', Depth: '0' }
      const answer = await dav(method, 'file.txt', { headers, body })
      expect([400, 403, 413, 415, 422]).toContain(answer.status)
      expect(answer.text).not.toContain('root:x:0')
      expect(answer.body.length).toBeLessThan(10_000)
    })

    test('is refused: 10 MB, with its length announced and in chunks', async () => {
      const body = propfind(names(900_000))
      expect(body.length).toBeGreaterThan(10 * mebi)
      expect((await dav(method, 'file.txt', { headers: { Depth: '0' }, body })).status).toBe(413)
      const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
      const headers = { Depth: '0', 'Transfer-Encoding': 'chunked' }
      expect((await dav(method, 'file.txt', { headers, body: chunked })).status).toBe(413)
    })
  })

  test('a macOS client is refused with a status that it knows', async () => {
    const headers = { 'User-Agent': 'WebDAVFS/3.0.0 (03008000) Darwin/24.6.0 (arm64)', Depth: '0' }
    for (const [what, body] of hostileBodies) {
      const answer = await dav('PROPFIND', 'file.txt', { headers, body })
      expect([403, 404, 413, 423, 507], what).toContain(answer.status)
    }
  })

  test('a million properties are refused', async () => {
    const answer = await dav('PROPFIND', '', { headers: { Depth: '1' }, body: propfind(names(1_000_000)) })
    expect(answer.status).toBe(413)
  })

  test('nesting that stays within the limit is kept as a dead property', async () => {
    const set = await dav('PROPPATCH', 'file.txt', { body: proppatch(nested(50)) })
    expect(set.status).toBe(207)
    const asked = propfind('<X:n xmlns:X="urn:x"/>')
    const [found] = parseMultistatus(
      (await dav('PROPFIND', 'file.txt', { headers: { Depth: '0' }, body: asked })).text,
    )
    expect(found!.byStatus[200]).toEqual(['n'])
  })

  test('unknown properties are answered with 404, more of them than any client asks are refused', async () => {
    const ask = (count: number) =>
      dav('PROPFIND', 'file.txt', { headers: { Depth: '0' }, body: propfind(names(count)) })
    const answer = await ask(200)
    expect(answer.status).toBe(207)
    const [found] = parseMultistatus(answer.text)
    expect(found!.byStatus[404]).toHaveLength(200)
    expect((await ask(1_000)).status).toBe(413)
  })

  test('as many names as are allowed, asked of many files, hold up neither memory nor other clients', async () => {
    await dav('MKCOL', 'many')
    for (let index = 0; index < 300; index += 1) await dav('PUT', `many/${index}`, { body: '' })
    using connection = await RawConnection.open({ port: front.port })
    const body = propfind(names(250))
    const target = `${front.basePath}many/`
    await connection.write(
      requestHead({ method: 'PROPFIND', target, port: front.port, headers: { Depth: '1' }, body }),
    )
    // Stops reading: what the server has made and cannot send must not pile up.
    connection.socket.pause()
    await connection.write(body)
    for (let round = 0; round < 20; round += 1) {
      const answer = await request({ method: 'OPTIONS', target: front.basePath, port: front.port })
      expect(answer.status).toBe(200)
    }
  })
})
