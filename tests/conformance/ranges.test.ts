import { utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { davClient, type Dav } from '../harness/dav-client.ts'
import { startTestFront, type TestFront } from '../harness/front.ts'
import { parseByteRanges } from '../harness/multipart.ts'

const content = Buffer.from(Array.from({ length: 1_000 }, (_, index) => (index * 7) % 251))

describe('ranges', () => {
  let front: TestFront
  let dav: Dav
  beforeAll(async () => {
    front = await startTestFront()
    dav = davClient(front)
    await writeFile(join(front.rootDir, 'data.bin'), content)
    // Older than any validator's doubt about writes within the last second.
    await utimes(join(front.rootDir, 'data.bin'), 1_700_000_000, 1_700_000_000)
    await writeFile(join(front.rootDir, 'empty'), '')
  })
  afterAll(() => front.stop())

  test.for([
    ['bytes=0-0', 0, 0],
    ['bytes=0-99', 0, 99],
    ['bytes=500-', 500, 999],
    ['bytes=-100', 900, 999],
    ['bytes=-5000', 0, 999],
    ['bytes=990-2000', 990, 999],
    ['bytes=999-999', 999, 999],
    ['bytes=0-99999999999999999999', 0, 999],
    ['Bytes=3-4', 3, 4],
  ] as const)('answers %s with exactly those bytes', async ([range, start, end]) => {
    const answer = await dav('GET', 'data.bin', { headers: { Range: range } })
    expect(answer.status).toBe(206)
    expect(answer.headers['content-range']).toBe(`bytes ${start}-${end}/1000`)
    expect(answer.headers['content-length']).toBe(String(end - start + 1))
    expect(answer.body).toEqual(content.subarray(start, end + 1))
  })

  test.for([['bytes=1000-'], ['bytes=1000-1001'], ['bytes=-0'], ['bytes=5000-6000']])(
    'refuses %s, which lies outside the file, and says how long it is',
    async ([range]) => {
      const answer = await dav('GET', 'data.bin', { headers: { Range: range! } })
      expect(answer.status).toBe(416)
      expect(answer.headers['content-range']).toBe('bytes */1000')
    },
  )

  test('refuses any range of an empty file', async () => {
    const answer = await dav('GET', 'empty', { headers: { Range: 'bytes=0-' } })
    expect(answer.status).toBe(416)
    expect(answer.headers['content-range']).toBe('bytes */0')
  })

  test.for([
    ['bytes=abc'],
    ['bytes=5-2'],
    ['bytes='],
    ['bytes'],
    ['lines=1-2'],
    ['bytes=--1'],
    ['bytes=1-2-3'],
    ['bytes=0x10-0x20'],
    ['bytes=1.5-2'],
  ])('ignores the malformed range %s, or refuses it; never a part', async ([range]) => {
    const answer = await dav('GET', 'data.bin', { headers: { Range: range! } })
    if (answer.status === 416) return
    expect(answer.status).toBe(200)
    expect(answer.headers['content-range']).toBeUndefined()
    expect(answer.body).toEqual(content)
  })

  test('sends several ranges as multipart/byteranges, each exact', async () => {
    const answer = await dav('GET', 'data.bin', { headers: { Range: 'bytes=0-9, 100-149, -5' } })
    expect(answer.status).toBe(206)
    expect(answer.headers['content-length']).toBe(String(answer.body.length))
    expect(parseByteRanges(answer)).toEqual([
      { contentRange: 'bytes 0-9/1000', body: content.subarray(0, 10) },
      { contentRange: 'bytes 100-149/1000', body: content.subarray(100, 150) },
      { contentRange: 'bytes 995-999/1000', body: content.subarray(995) },
    ])
  })

  test('leaves unsatisfiable ones out of several ranges', async () => {
    const answer = await dav('GET', 'data.bin', { headers: { Range: 'bytes=2000-3000,7-8' } })
    expect(answer.status).toBe(206)
    const parts = answer.headers['content-type']?.startsWith('multipart/')
      ? parseByteRanges(answer).map(({ body }) => body)
      : [answer.body]
    expect(parts).toEqual([content.subarray(7, 9)])
  })

  test('does not send a file many times over for many overlapping ranges', async () => {
    const ranges = Array.from({ length: 1_000 }, () => '0-').join(',')
    const answer = await dav('GET', 'data.bin', { headers: { Range: `bytes=${ranges}` } })
    expect([200, 206, 416]).toContain(answer.status)
    expect(answer.body.length).toBeLessThan(3 * content.length)
  })

  describe('with If-Range', () => {
    const partly = async (validator: string) => {
      const answer = await dav('GET', 'data.bin', {
        headers: { Range: 'bytes=10-19', 'If-Range': validator },
      })
      return { status: answer.status, body: answer.body }
    }
    const part = { status: 206, body: content.subarray(10, 20) }
    const whole = { status: 200, body: content }

    test('sends the part when the entity tag is still the same', async () => {
      const { etag } = (await dav('HEAD', 'data.bin')).headers
      expect(await partly(etag!)).toEqual(part)
    })

    test('sends the part when the date is still the same', async () => {
      const { headers } = await dav('HEAD', 'data.bin')
      expect(await partly(headers['last-modified']!)).toEqual(part)
    })

    test('sends the whole file for another entity tag, a weak one, another date and nonsense', async () => {
      const { etag } = (await dav('HEAD', 'data.bin')).headers
      const others = [
        '"other"',
        `W/${etag!}`,
        'Mon, 01 Jan 2001 00:00:00 GMT',
        'Fri, 01 Jan 2100 00:00:00 GMT',
        'x',
      ]
      for (const other of others) expect(await partly(other), other).toEqual(whole)
    })
  })

  test('answers HEAD with the headers of GET and without a body', async () => {
    const [get, head] = [await dav('GET', 'data.bin'), await dav('HEAD', 'data.bin')]
    const { date: _getDate, ...getHeaders } = get.headers
    const { date: _headDate, ...headHeaders } = head.headers
    expect(head.status).toBe(200)
    expect(headHeaders).toEqual(getHeaders)
    expect(getHeaders).toMatchObject({ 'accept-ranges': 'bytes', 'content-length': '1000' })
    expect(head.body).toHaveLength(0)
  })
})
