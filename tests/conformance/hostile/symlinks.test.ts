import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { davClient, type Dav } from '../../harness/dav-client.ts'
import { startTestFront, type TestFront } from '../../harness/front.ts'
import { addEscapingLinks, makeGuardedRoot, type GuardedRoot } from '../../harness/guarded-root.ts'

describe('symlinks that leave the root', () => {
  let guarded: GuardedRoot
  let front: TestFront
  let dav: Dav
  let links: readonly string[]
  let before: ReadonlyMap<string, string>
  beforeAll(async () => {
    guarded = await makeGuardedRoot()
    front = await startTestFront({ rootDir: guarded.rootDir, metadataTtlMs: 0, negativeTtlMs: 0 })
    dav = davClient(front)
  })
  afterAll(async () => {
    await front.stop()
    await guarded[Symbol.asyncDispose]()
  })
  beforeEach(async () => {
    for (const name of await readdir(guarded.rootDir)) {
      await rm(join(guarded.rootDir, name), { recursive: true })
    }
    links = await addEscapingLinks(guarded)
    await writeFile(join(guarded.rootDir, 'own.txt'), 'own')
    before = await guarded.outside()
  })
  afterEach(async () => {
    expect(await guarded.outside()).toEqual(before)
    expect((await dav('GET', 'own.txt')).text).toBe('own')
  })

  /** A link itself, and what would lie behind it if it were followed. */
  const through = () =>
    links.flatMap((link) => [link, `${link}/`, `${link}/secret.txt`, `${link}/inner/secret.txt`])
  const refusals = [400, 403, 404, 405, 409]

  test.for([['GET'], ['HEAD'], ['PROPFIND'], ['COPY']] as const)(
    '%s does not read through them',
    async ([method]) => {
      for (const path of through()) {
        const headers = { Depth: '1', Destination: `${front.url}copied` }
        const answer = await dav(method, path, { headers })
        expect(answer.text, path).not.toContain(guarded.secret)
        expect(answer.text, path).not.toContain('secret.txt</')
        if (method === 'GET' || method === 'HEAD') expect(refusals, path).toContain(answer.status)
        const copy = await dav('GET', 'copied')
        expect(copy.text, path).not.toContain(guarded.secret)
        expect((await dav('GET', 'copied/secret.txt')).status, path).toBe(404)
        await dav('DELETE', 'copied')
      }
    },
  )

  test('COPY of a folder with links to itself and to the folder above comes to an end', async () => {
    const folder = join(guarded.rootDir, 'folder')
    await mkdir(folder)
    await writeFile(join(folder, 'file'), 'content')
    await symlink('..', join(folder, 'up'))
    await symlink('.', join(folder, 'self'))
    const answer = await dav('COPY', 'folder', { headers: { Destination: `${front.url}copied` } })
    expect(answer.status).toBe(201)
    expect(await readdir(join(guarded.rootDir, 'copied'))).toEqual(['file'])
  })

  test('a listing tells nothing of what they lead to', async () => {
    const answer = await dav('PROPFIND', '', { headers: { Depth: '1' } })
    expect(answer.status).toBe(207)
    expect(answer.text).not.toContain(`>${guarded.secret.length}<`)
    expect(answer.text).not.toContain('secret.txt')
  })

  test.for([['PUT'], ['MKCOL'], ['PROPPATCH'], ['LOCK']] as const)(
    '%s does not write through them',
    async ([method]) => {
      for (const link of links) {
        for (const path of [`${link}/new`, `${link}/secret.txt`, `${link}/inner/new`]) {
          const answer = await dav(method, path, method === 'PUT' ? { body: 'overwritten' } : {})
          expect(answer.status, path).toBeGreaterThanOrEqual(400)
          expect(answer.status, path).toBeLessThan(500)
        }
      }
    },
  )

  test('PUT onto a link replaces the link or is refused, and never writes to its target', async () => {
    for (const link of links) {
      const answer = await dav('PUT', link, { body: 'overwritten' })
      expect(answer.status, link).toSatisfy((status: number) => status < 300 || refusals.includes(status))
      if (answer.status < 300) expect((await dav('GET', link)).text).toBe('overwritten')
    }
  })

  test.for([['MOVE'], ['COPY']] as const)('%s does not deliver through them', async ([method]) => {
    for (const link of links) {
      for (const path of [`${link}/own.txt`, `${link}/secret.txt`, `${link}/inner`]) {
        const answer = await dav(method, 'own.txt', { headers: { Destination: front.url + path } })
        expect(refusals, path).toContain(answer.status)
      }
    }
    expect(await readdir(guarded.rootDir)).toContain('own.txt')
  })

  test('DELETE removes the link at most, and nothing through it', async () => {
    for (const path of through().toReversed()) {
      const answer = await dav('DELETE', path)
      expect(answer.status, path).toSatisfy((status: number) => status === 204 || refusals.includes(status))
    }
  })

  test('MOVE of a link moves the link at most', async () => {
    for (const path of through()) {
      const answer = await dav('MOVE', path, { headers: { Destination: `${front.url}moved` } })
      expect(answer.status, path).toBeLessThan(500)
      expect((await dav('GET', 'moved')).text).not.toContain(guarded.secret)
      expect((await dav('GET', 'moved/secret.txt')).status).toBe(404)
      await dav('DELETE', 'moved')
    }
  })

  test('a folder with such links in it is copied and deleted without what lies behind them', async () => {
    await dav('MKCOL', 'folder')
    const inFolder = await addEscapingLinks(guarded, join(guarded.rootDir, 'folder'))
    const copied = await dav('COPY', 'folder', { headers: { Destination: `${front.url}folder-copy` } })
    expect(copied.status).toBeLessThan(500)
    for (const link of inFolder) {
      expect((await dav('GET', `folder-copy/${link}`)).text).not.toContain(guarded.secret)
      expect((await dav('GET', `folder-copy/${link}/secret.txt`)).status).toBe(404)
    }
    expect((await dav('DELETE', 'folder')).status).toBe(204)
    expect(await readdir(guarded.rootDir)).not.toContain('folder')
  })
})
