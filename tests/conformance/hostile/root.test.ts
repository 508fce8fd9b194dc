import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { davClient, request, type Dav } from '../../harness/dav-client.ts'
import { startTestFront, type TestFront } from '../../harness/front.ts'
import { makeGuardedRoot, type GuardedRoot } from '../../harness/guarded-root.ts'

const macos = 'WebDAVFS/3.0.0 (03008000) Darwin/24.6.0 (arm64)'

describe.for([
  ['standard', 'litmus/0.13'],
  ['macOS', macos],
] as const)('the root, in the %s manner,', ([, userAgent]) => {
  let guarded: GuardedRoot
  let front: TestFront
  let dav: Dav
  let before: ReadonlyMap<string, string>
  beforeAll(async () => {
    guarded = await makeGuardedRoot()
    front = await startTestFront({ rootDir: guarded.rootDir })
    dav = davClient(front)
  })
  afterAll(async () => {
    await front.stop()
    await guarded[Symbol.asyncDispose]()
  })
  beforeEach(async () => {
    await writeFile(join(guarded.rootDir, 'own.txt'), 'own')
    await dav('MKCOL', 'folder')
    await dav('PUT', 'folder/inside.txt', { body: 'inside' })
    before = await guarded.outside()
  })
  afterEach(async () => {
    expect((await readdir(guarded.rootDir)).sort()).toEqual(['folder', 'own.txt'])
    expect(await readFile(join(guarded.rootDir, 'folder/inside.txt'), 'utf8')).toBe('inside')
    expect(await guarded.outside()).toEqual(before)
  })

  const spellings = () => [
    front.basePath,
    front.basePath.slice(0, -1),
    `${front.basePath}/`,
    `${front.basePath}./`,
  ]
  const ask = (method: string, target: string, headers: Record<string, string> = {}) =>
    request({ method, target, port: front.port, headers: { 'User-Agent': userAgent, ...headers } })
  const refusals = [400, 403, 404, 405, 409]

  test('is not deleted', async () => {
    for (const root of spellings()) {
      expect([400, 403, 404], root).toContain((await ask('DELETE', root)).status)
    }
  })

  test('is not moved', async () => {
    for (const root of spellings()) {
      for (const Destination of [`${front.url}elsewhere`, `${front.url}folder/elsewhere`]) {
        expect(refusals, root).toContain((await ask('MOVE', root, { Destination })).status)
      }
    }
  })

  test.for([['MOVE'], ['COPY']] as const)('is not replaced by %s', async ([method]) => {
    for (const root of spellings()) {
      for (const Destination of [root, `http://127.0.0.1:${front.port}${root}`]) {
        for (const source of ['own.txt', 'folder', 'folder/']) {
          const answer = await ask(method, front.basePath + source, { Destination, Overwrite: 'T' })
          expect(refusals, `${source} to ${Destination}`).toContain(answer.status)
        }
      }
    }
  })

  test('is not copied into itself', async () => {
    for (const root of spellings()) {
      const answer = await ask('COPY', root, { Destination: `${front.url}folder/root` })
      expect(refusals, root).toContain(answer.status)
    }
  })

  test.for([['MOVE'], ['COPY']] as const)(
    '%s of a folder into itself or onto itself is refused',
    async ([method]) => {
      for (const path of [
        'folder',
        'folder/',
        'folder/deep',
        'folder/deep/er',
        'folder/./',
        '%66older',
        'folder/x/..',
      ]) {
        const answer = await ask(method, `${front.basePath}folder`, { Destination: front.url + path })
        expect(refusals, path).toContain(answer.status)
      }
      const own = await ask(method, `${front.basePath}own.txt`, { Destination: `${front.url}own.txt` })
      expect(refusals).toContain(own.status)
      const above = await ask(method, `${front.basePath}folder/inside.txt`, {
        Destination: `${front.url}folder`,
      })
      expect(above.status).toSatisfy((status: number) => refusals.includes(status) || status === 412)
    },
  )

  test('is neither written to nor made again', async () => {
    for (const root of spellings()) {
      expect([400, 403, 404, 405, 409], root).toContain((await ask('PUT', root)).status)
      expect([400, 403, 404, 405], root).toContain((await ask('MKCOL', root)).status)
    }
  })
})
