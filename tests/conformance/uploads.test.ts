import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { davClient, requestHead, type Dav, type RawHeaders } from '../harness/dav-client.ts'
import { startTestFront, type TestFront } from '../harness/front.ts'
import { parseMultistatus } from '../harness/multistatus.ts'
import { RawConnection } from '../harness/raw-connection.ts'
import type { RawResponse } from '../harness/raw-response.ts'
import { waitFor } from '../harness/wait-for.ts'

const webdavfs = 'WebDAVFS/3.0.0 (03008000) Darwin/24.6.0 (arm64)'
const endOfChunks = '0\r\n\r\n'

describe('uploads', () => {
  let front: TestFront
  let dav: Dav
  beforeAll(async () => {
    front = await startTestFront()
    dav = davClient(front)
  })
  afterAll(() => front.stop())
  beforeEach(async () => {
    await dav('PUT', 'file.txt', { body: 'old' })
  })

  /** PUTs in the given pieces on a raw connection, and hangs up after them where `thenHangUp`. */
  async function putRaw(
    path: string,
    headers: RawHeaders,
    pieces: readonly string[],
    { thenHangUp = false } = {},
  ): Promise<RawResponse | undefined> {
    using connection = await RawConnection.open({ port: front.port })
    await connection.write(
      requestHead({ method: 'PUT', target: front.basePath + path, port: front.port, headers }),
    )
    for (const piece of pieces) await connection.write(piece)
    if (!thenHangUp) return await connection.response()
    connection.close()
    return undefined
  }

  const chunk = (data: string) => `${data.length.toString(16)}\r\n${data}\r\n`
  const onDisk = (path: string) => readFile(join(front.rootDir, path), 'utf8')
  const nothingInFlight = () =>
    waitFor(async () => (await front.counters()).inFlight === 0, { what: 'all requests to end' })

  test('answers a PUT with the validators that GET and PROPFIND then give', async () => {
    const put = await dav('PUT', 'agreed.txt', { body: 'text' })
    expect(put.status).toBe(201)
    const get = await dav('GET', 'agreed.txt')
    const [found] = parseMultistatus((await dav('PROPFIND', 'agreed.txt', { headers: { Depth: '0' } })).text)
    expect(put.headers['etag']).toMatch(/^"[^"]+"$/)
    expect(put.headers['date']).toBeDefined()
    for (const [header, property] of [
      ['etag', 'getetag'],
      ['last-modified', 'getlastmodified'],
    ] as const) {
      expect(get.headers[header], header).toBe(put.headers[header])
      expect(found!.properties[property], property).toBe(put.headers[header])
    }
  })

  test('stores a chunked body as it stores one with a length', async () => {
    const answer = await putRaw('chunked.txt', { 'Transfer-Encoding': 'chunked' }, [
      chunk('one '),
      chunk('two'),
      endOfChunks,
    ])
    expect(answer!.status).toBe(201)
    expect(await onDisk('chunked.txt')).toBe('one two')
  })

  test('stores an empty body, with a length and chunked', async () => {
    expect((await dav('PUT', 'empty-1', { body: '' })).status).toBe(201)
    expect((await putRaw('empty-2', { 'Transfer-Encoding': 'chunked' }, [endOfChunks]))!.status).toBe(201)
    expect([await onDisk('empty-1'), await onDisk('empty-2')]).toEqual(['', ''])
  })

  describe('as Finder sends them, with X-Expected-Entity-Length', () => {
    const finder = (length: number) => ({
      'User-Agent': webdavfs,
      'Transfer-Encoding': 'chunked',
      'X-Expected-Entity-Length': String(length),
    })

    test('stores a body of the announced length', async () => {
      const answer = await putRaw('file.txt', finder(8), [chunk('four'), chunk('more'), endOfChunks])
      expect(answer!.status).toBe(204)
      expect(await onDisk('file.txt')).toBe('fourmore')
    })

    test('discards a body that ends before the announced length and keeps the old content', async () => {
      const answer = await putRaw('file.txt', finder(100), [chunk('cut off'), endOfChunks])
      expect([403, 413, 423, 507]).toContain(answer!.status)
      expect((await dav('GET', 'file.txt')).text).toBe('old')
      expect(await onDisk('file.txt')).toBe('old')
    })

    test('stores a body that turns out longer: the length is a hint', async () => {
      const answer = await putRaw('file.txt', finder(3), [chunk('longer than 3'), endOfChunks])
      expect(answer!.status).toBe(204)
      expect(await onDisk('file.txt')).toBe('longer than 3')
    })

    test('finishes when the announced length has come and the client never ends its chunks', async () => {
      const answer = await putRaw('file.txt', finder(8), [chunk('complete')])
      expect(answer!.status).toBe(204)
      expect(await onDisk('file.txt')).toBe('complete')
    })

    test.for([['-1'], ['abc'], ['1e3'], ['99999999999999999999999']])(
      'takes the malformed length %s for no hint, or refuses it; never half',
      async ([length]) => {
        const headers = { ...finder(0), 'X-Expected-Entity-Length': length! }
        const answer = await putRaw('file.txt', headers, [chunk('whole'), endOfChunks])
        expect(answer!.status).toSatisfy(
          (status: number) => status === 204 || (status >= 400 && status < 500),
        )
        expect(await onDisk('file.txt')).toBe(answer!.status === 204 ? 'whole' : 'old')
      },
    )
  })

  test.for([
    ['with a length', { 'Content-Length': '1000' }, ['only a part']],
    ['in chunks', { 'Transfer-Encoding': 'chunked' }, [chunk('only a part')]],
    ['in the middle of a chunk', { 'Transfer-Encoding': 'chunked' }, ['64\r\nonly a part']],
  ] as const)(
    'keeps the old content when the client hangs up in an upload %s',
    async ([, headers, pieces]) => {
      await putRaw('file.txt', headers, pieces, { thenHangUp: true })
      await putRaw('never-there.txt', headers, pieces, { thenHangUp: true })
      // Connections are taken in order: when this is answered, the front has met those before.
      expect((await dav('GET', 'file.txt')).text).toBe('old')
      await nothingInFlight()
      expect((await dav('GET', 'file.txt')).text).toBe('old')
      expect((await dav('GET', 'never-there.txt')).status).toBe(404)
      const isTidy = async (): Promise<boolean> =>
        (await readdir(front.rootDir)).every((name) => /^[a-z0-9-]+(\.txt)?$/.test(name))
      await waitFor(isTidy, { what: 'what is left of them to be removed' })
    },
  )

  test.for(['write-through', 'queued'] as const)(
    'keeps nobody from a path while an upload to it stands still (%s)',
    async (writeMode) => {
      await using other = await startTestFront({ config: { writeMode } })
      const use = davClient(other)
      await use('MKCOL', 'folder')
      await use('PUT', 'folder/file.txt', { body: 'old' })
      using connection = await RawConnection.open({ port: other.port })
      const target = `${other.basePath}folder/file.txt`
      const headers = { 'Content-Length': '12' }
      await connection.write(requestHead({ method: 'PUT', target, port: other.port, headers }))
      await connection.write('begun, ')
      await waitFor(async () => (await other.counters()).inFlight === 1, { what: 'the upload to begin' })

      expect((await use('PROPFIND', 'folder', { headers: { Depth: '1' } })).status).toBe(207)
      expect((await use('GET', 'folder/file.txt')).text).toBe('old')
      expect((await use('PUT', 'folder/file.txt', { body: 'new' })).status).toBe(204)
      const destination = { Destination: `${other.url}folder/moved.txt` }
      expect((await use('MOVE', 'folder/file.txt', { headers: destination })).status).toBe(201)
      expect((await use('DELETE', 'folder/moved.txt')).status).toBe(204)
      await connection.write('ended')
      expect((await connection.response())?.status).toBe(201)
      expect((await use('GET', 'folder/file.txt')).text).toBe('begun, ended')
    },
  )

  test('refuses a PUT of a part (Content-Range) and keeps the old content', async () => {
    const headers = { 'Content-Range': 'bytes 0-2/10' }
    const answer = await dav('PUT', 'file.txt', { headers, body: 'new' })
    expect(answer.status).toBe(400)
    const toMac = await dav('PUT', 'file.txt', {
      headers: { ...headers, 'User-Agent': webdavfs },
      body: 'new',
    })
    expect([403, 404, 413, 423, 507]).toContain(toMac.status)
    expect(await onDisk('file.txt')).toBe('old')
  })

  test('refuses a PUT onto a folder, below a file and below nothing', async () => {
    await dav('MKCOL', 'folder')
    expect((await dav('PUT', 'folder', { body: 'x' })).status).toBe(405)
    expect((await dav('PUT', 'folder/', { body: 'x' })).status).toBe(405)
    expect((await dav('PUT', 'file.txt/below', { body: 'x' })).status).toBe(409)
    expect((await dav('PUT', 'nothing/below', { body: 'x' })).status).toBe(409)
  })

  test('moves Last-Modified and the entity tag with every change within one second', async () => {
    const seen: { etag: string; modifiedMs: number }[] = []
    for (let round = 0; round < 4; round += 1) {
      // Equal lengths: nothing but the write itself tells them apart.
      const { headers } = await dav('PUT', 'quick.txt', { body: `round ${round}` })
      expect((await dav('HEAD', 'quick.txt')).headers).toMatchObject({
        etag: headers['etag'],
        'last-modified': headers['last-modified'],
      })
      seen.push({ etag: headers['etag']!, modifiedMs: Date.parse(headers['last-modified']!) })
    }
    expect(new Set(seen.map(({ etag }) => etag)).size).toBe(4)
    const times = seen.map(({ modifiedMs }) => modifiedMs)
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b))
  })

  test('sends 100 Continue to a client that waits for it, and then takes the body', async () => {
    using connection = await RawConnection.open({ port: front.port })
    await connection.write(
      requestHead({
        method: 'PUT',
        target: `${front.basePath}waited.txt`,
        port: front.port,
        headers: { Expect: '100-continue', 'Content-Length': '6' },
      }),
    )
    expect((await connection.response())!.status).toBe(100)
    await connection.write('waited')
    expect((await connection.response())!.status).toBe(201)
    expect(await onDisk('waited.txt')).toBe('waited')
  })

  describe('into a queue that has no room for them', () => {
    let full: TestFront
    beforeAll(async () => {
      full = await startTestFront({ config: { writeMode: 'queued', spoolMaxBytes: 1_000 } })
    })
    afterAll(() => full.stop())

    test.each([
      ['a client that waits to be invited', { Expect: '100-continue', 'Content-Length': '1001' }],
      ['a client that just sends', { 'Content-Length': '1001' }],
      [
        'Finder',
        { 'Transfer-Encoding': 'chunked', 'X-Expected-Entity-Length': '1001', 'User-Agent': webdavfs },
      ],
    ])('are refused with 507 before a byte of them is read: %s', async (_who, headers) => {
      using connection = await RawConnection.open({ port: full.port })
      const target = `${full.basePath}large.bin`
      await connection.write(requestHead({ method: 'PUT', target, port: full.port, headers }))
      expect((await connection.response())!.status).toBe(507)
    })

    test('are refused while they come when nobody said how long they are', async () => {
      const body = 'x'.repeat(600)
      using connection = await RawConnection.open({ port: full.port })
      const target = `${full.basePath}large.bin`
      const headers = { 'Transfer-Encoding': 'chunked' }
      await connection.write(requestHead({ method: 'PUT', target, port: full.port, headers }))
      for (let sent = 0; sent < 3; sent += 1) await connection.write(chunk(body))
      await connection.write(endOfChunks)
      expect((await connection.response())!.status).toBe(507)
      expect(await readdir(full.rootDir)).toEqual([])
    })

    test('do not keep out what fits', async () => {
      expect((await davClient(full)('PUT', 'small.bin', { body: 'x'.repeat(900) })).status).toBe(201)
    })
  })

  test('refuses while the body is still coming, and goes on with the same connection', async () => {
    using connection = await RawConnection.open({ port: front.port })
    const length = 5_000_000
    const target = `${front.basePath}file.txt`
    const headers = { 'Content-Length': String(length), 'If-None-Match': '*', Connection: 'keep-alive' }
    await connection.write(requestHead({ method: 'PUT', target, port: front.port, headers }))
    expect((await connection.response())!.status).toBe(412)
    await connection.write('x'.repeat(length))
    await connection.write(requestHead({ method: 'GET', target, port: front.port }))
    expect((await connection.response())!.text).toBe('old')
  })

  test('lets a refusal arrive although the client asked for the connection to be closed', async () => {
    // Closing over unread bytes would be a reset, which macOS takes for a dead volume.
    for (let round = 0; round < 10; round += 1) {
      const headers = { 'If-None-Match': '*', Connection: 'close' }
      expect((await dav('PUT', 'file.txt', { headers, body: 'x'.repeat(5_000_000) })).status).toBe(412)
    }
  })

  test('refuses an expectation nobody has heard of', async () => {
    const answer = await dav('PUT', 'file.txt', { headers: { Expect: 'a-miracle' }, body: 'new' })
    expect(answer.status).toBe(417)
    expect(await onDisk('file.txt')).toBe('old')
  })

  test('lets other files be written while one upload crawls, and the same file, too: the last to end wins', async () => {
    using connection = await RawConnection.open({ port: front.port })
    const target = `${front.basePath}raced.txt`
    const headers = { 'Content-Length': '8' }
    await connection.write(requestHead({ method: 'PUT', target, port: front.port, headers }))
    await connection.write('slow')
    expect((await dav('PUT', 'beside.txt', { body: 'quick' })).status).toBe(201)
    expect((await dav('PUT', 'raced.txt', { body: 'second' })).status).toBe(201)
    await connection.write('slow')
    expect((await connection.response())!.status).toBe(204)
    expect(await onDisk('raced.txt')).toBe('slowslow')
  })
})
