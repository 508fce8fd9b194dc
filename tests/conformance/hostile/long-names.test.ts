import { readdir } from 'node:fs/promises'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { davClient, type Dav } from '../../harness/dav-client.ts'
import { startTestFront, type TestFront } from '../../harness/front.ts'

const tooLong: readonly (readonly [string, string])[] = [
  ['256 bytes of ASCII', 'x'.repeat(256)],
  ['256 bytes of four-byte characters', encodeURIComponent('𝄞'.repeat(64))],
  ['5,000 bytes', 'x'.repeat(5_000)],
]

describe('over-long names', () => {
  let front: TestFront
  let dav: Dav
  beforeAll(async () => {
    front = await startTestFront()
    dav = davClient(front)
    await dav('PUT', 'file.txt', { body: 'x' })
  })
  afterAll(() => front.stop())

  const refusals = [400, 403, 404, 409, 414]

  test.for(tooLong)('%s are refused by every method', async ([, name]) => {
    for (const method of [
      'GET',
      'HEAD',
      'PUT',
      'DELETE',
      'MKCOL',
      'PROPFIND',
      'PROPPATCH',
      'LOCK',
      'MOVE',
      'COPY',
    ]) {
      for (const path of [name, `${name}/below`]) {
        const answer = await dav(method, path, { headers: { Destination: `${front.url}elsewhere` } })
        expect(refusals, `${method} ${path}`).toContain(answer.status)
      }
    }
  })

  test.for(tooLong)('%s are refused in Destination', async ([, name]) => {
    for (const method of ['MOVE', 'COPY']) {
      const answer = await dav(method, 'file.txt', { headers: { Destination: front.url + name } })
      expect(refusals, method).toContain(answer.status)
    }
    expect(await readdir(front.rootDir)).toEqual(['file.txt'])
  })

  test('a path longer than the file system takes is refused, one component being fine', async () => {
    const path = Array.from({ length: 25 }, () => 'y'.repeat(200)).join('/')
    for (const method of ['GET', 'PUT', 'MKCOL', 'DELETE', 'PROPFIND']) {
      expect(refusals, method).toContain((await dav(method, path)).status)
    }
  })

  test('folders can be nested until the file system refuses, and that refusal is clean', async () => {
    let path = 'deep'
    const statuses = new Set<number>()
    for (let level = 0; level < 30; level += 1) {
      statuses.add((await dav('MKCOL', path)).status)
      path += `/${'z'.repeat(200)}`
    }
    expect([...statuses]).toSatisfy((seen: number[]) =>
      seen.every((status) => [201, ...refusals].includes(status)),
    )
    expect((await dav('DELETE', 'deep')).status).toBe(204)
  })

  test('a URI of 100,000 bytes is refused', async () => {
    const answer = await dav('GET', 'x/'.repeat(50_000))
    expect([400, 403, 404, 414, 431]).toContain(answer.status)
    expect((await dav('GET', 'file.txt')).text).toBe('x')
  })
})
