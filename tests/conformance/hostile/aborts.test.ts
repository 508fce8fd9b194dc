import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'

import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { davClient, requestHead, type Dav } from '../../harness/dav-client.ts'
import { startTestFront, type TestFront } from '../../harness/front.ts'
import { openDescriptors, residentMib } from '../../harness/process-facts.ts'
import { RawConnection } from '../../harness/raw-connection.ts'
import { waitFor } from '../../harness/wait-for.ts'

const mebi = 1024 * 1024
const size = 8 * mebi
const seed = 20_261_121

/** Where to hang up, and how: `abruptly` sends a reset. */
const cuts = fc.sample(fc.record({ after: fc.nat(size), abruptly: fc.boolean(), chunked: fc.boolean() }), {
  seed,
  numRuns: 60,
})

describe('clients that hang up', () => {
  let front: TestFront
  let dav: Dav
  let content: Buffer
  let descriptorsBefore: number | undefined
  beforeAll(async () => {
    front = await startTestFront()
    dav = davClient(front)
    content = randomBytes(size)
    expect((await dav('PUT', 'large.bin', { body: content })).status).toBe(201)
    descriptorsBefore = await openDescriptors(front.pid)
  })
  afterAll(() => front.stop())

  async function expectAtRest() {
    // Connections are taken in order: when this is answered, the front has met all that hung up.
    expect((await dav('GET', 'large.bin')).body.equals(content)).toBe(true)
    await waitFor(async () => (await front.counters()).inFlight === 0, { what: 'all requests to end' })
    await waitFor(
      async () => descriptorsBefore === undefined || (await openDescriptors(front.pid))! <= descriptorsBefore,
      { what: 'files and sockets to be closed' },
    )
    expect(await residentMib(front.pid)).toBeLessThan(400)
    await waitFor(async () => (await readdir(front.rootDir)).join() === 'large.bin', {
      what: 'what is left of them to be removed',
    })
    expect((await dav('GET', 'large.bin')).body.equals(content)).toBe(true)
  }

  test(`in a GET, at random points (seed ${seed})`, async () => {
    for (const { after, abruptly } of cuts) {
      using connection = await RawConnection.open({ port: front.port })
      const target = `${front.basePath}large.bin`
      await connection.write(requestHead({ method: 'GET', target, port: front.port }))
      await waitFor(() => connection.socket.bytesRead >= after, { what: `${after} bytes`, everyMs: 1 })
      connection.close({ abruptly })
    }
    await expectAtRest()
  })

  test(`in a PUT, at random points (seed ${seed})`, async () => {
    for (const [index, { after, abruptly, chunked }] of cuts.entries()) {
      using connection = await RawConnection.open({ port: front.port })
      // Half of them over the file there is, half to a new one.
      const target = front.basePath + (index % 2 === 0 ? 'large.bin' : 'new.bin')
      const headers: Record<string, string> = chunked
        ? { 'Transfer-Encoding': 'chunked' }
        : { 'Content-Length': String(size) }
      await connection.write(requestHead({ method: 'PUT', target, port: front.port, headers }))
      if (chunked) await connection.write(`${size.toString(16)}\r\n`)
      // One byte short at most: a whole body would be an upload like any other.
      await connection.write(Buffer.alloc(Math.min(after, size - 1), index))
      connection.close({ abruptly })
    }
    await expectAtRest()
  })

  test('in a listing of many files', async () => {
    await dav('MKCOL', 'many')
    for (let index = 0; index < 500; index += 1) await dav('PUT', `many/${index}`, { body: '' })
    for (const { abruptly } of cuts) {
      using connection = await RawConnection.open({ port: front.port })
      const target = `${front.basePath}many/`
      await connection.write(
        requestHead({ method: 'PROPFIND', target, port: front.port, headers: { Depth: '1' } }),
      )
      connection.close({ abruptly })
    }
    expect((await dav('DELETE', 'many')).status).toBe(204)
    await expectAtRest()
  })
})
