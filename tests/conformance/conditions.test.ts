import { readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { davClient, type Dav } from '../harness/dav-client.ts'
import { startTestFront, type TestFront } from '../harness/front.ts'

const past = 'Mon, 01 Jan 2001 00:00:00 GMT'
const future = 'Fri, 01 Jan 2100 00:00:00 GMT'

describe('conditions', () => {
  let front: TestFront
  let dav: Dav
  let etag: string
  let lastModified: string
  beforeAll(async () => {
    front = await startTestFront({ metadataTtlMs: 0, negativeTtlMs: 0 })
    dav = davClient(front)
  })
  afterAll(() => front.stop())
  beforeEach(async () => {
    await writeFile(join(front.rootDir, 'file.txt'), 'old')
    await utimes(join(front.rootDir, 'file.txt'), 1_700_000_000, 1_700_000_000)
    const { headers } = await dav('HEAD', 'file.txt')
    etag = headers['etag']!
    lastModified = headers['last-modified']!
  })

  const filled = (value: string) => value.replace('<etag>', etag).replace('<date>', lastModified)

  test.for([
    ['If-None-Match: <etag>', 304],
    ['If-None-Match: *', 304],
    ['If-None-Match: "other", <etag>', 304],
    ['If-None-Match: W/<etag>', 304],
    ['If-None-Match: "other"', 200],
    ['If-None-Match: "with, comma", "other"', 200],
    ['If-Modified-Since: <date>', 304],
    // Compared for equality: a file that an older one has replaced is changed as well.
    [`If-Modified-Since: ${future}`, 200],
    [`If-Modified-Since: ${past}`, 200],
    ['If-Modified-Since: yesterday', 200],
    ['If-Match: <etag>', 200],
    ['If-Match: *', 200],
    ['If-Match: "other", <etag>', 200],
    ['If-Match: "other"', 412],
    ['If-Match: W/<etag>', 412],
    ['If-Unmodified-Since: <date>', 200],
    [`If-Unmodified-Since: ${past}`, 412],
    ['If-Unmodified-Since: yesterday', 200],
  ] as const)('GET with %s answers %i', async ([header, status]) => {
    const [name, value] = header.split(': ') as [string, string]
    const answer = await dav('GET', 'file.txt', { headers: { [name]: filled(value) } })
    expect(answer.status).toBe(status)
    if (status === 200) expect(answer.text).toBe('old')
    if (status === 304) expect(answer.headers).toMatchObject({ etag, 'last-modified': lastModified })
  })

  test('GET lets If-None-Match decide where If-Modified-Since says otherwise', async () => {
    const headers = { 'If-None-Match': '"other"', 'If-Modified-Since': future }
    expect((await dav('GET', 'file.txt', { headers })).status).toBe(200)
  })

  test('GET lets If-Match decide where If-Unmodified-Since says otherwise', async () => {
    const headers = { 'If-Match': etag, 'If-Unmodified-Since': past }
    expect((await dav('GET', 'file.txt', { headers })).status).toBe(200)
  })

  test.for([
    ['If-Match: <etag>', 204],
    ['If-Match: *', 204],
    ['If-Match: "other"', 412],
    ['If-None-Match: *', 412],
    ['If-None-Match: <etag>', 412],
    ['If-None-Match: "other"', 204],
    ['If-Unmodified-Since: <date>', 204],
    [`If-Unmodified-Since: ${past}`, 412],
  ] as const)('PUT over a file with %s answers %i and writes only then', async ([header, status]) => {
    const [name, value] = header.split(': ') as [string, string]
    const answer = await dav('PUT', 'file.txt', { headers: { [name]: filled(value) }, body: 'new' })
    expect(answer.status).toBe(status)
    expect(await readFile(join(front.rootDir, 'file.txt'), 'utf8')).toBe(status === 204 ? 'new' : 'old')
  })

  test.for([
    ['If-None-Match', 201],
    ['If-Match', 412],
  ] as const)('PUT of a new file with %s: * answers %i', async ([name, status]) => {
    const path = `new-${name}.txt`
    expect((await dav('PUT', path, { headers: { [name]: '*' }, body: 'new' })).status).toBe(status)
    expect((await dav('GET', path)).status).toBe(status === 201 ? 200 : 404)
  })

  const bodies: Readonly<Record<string, string>> = {
    PROPPATCH: '<propertyupdate xmlns="DAV:"><set><prop><x xmlns="urn:x"/></prop></set></propertyupdate>',
    LOCK: '<lockinfo xmlns="DAV:"><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>',
  }

  test.for([['DELETE'], ['MOVE'], ['COPY'], ['PROPPATCH'], ['LOCK']] as const)(
    '%s of a file whose entity tag is another is refused with 412',
    async ([method]) => {
      const headers = { 'If-Match': '"other"', Destination: `${front.url}elsewhere.txt` }
      const answer = await dav(method, 'file.txt', { headers, body: bodies[method] ?? '' })
      expect(answer.status).toBe(412)
      expect((await dav('GET', 'file.txt')).text).toBe('old')
      expect((await dav('GET', 'elsewhere.txt')).status).toBe(404)
    },
  )
})
