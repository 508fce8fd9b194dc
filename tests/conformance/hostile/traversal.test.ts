import { readdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { davClient, request, tryRequest, type Dav } from '../../harness/dav-client.ts'
import { startTestFront, type TestFront } from '../../harness/front.ts'
import { makeGuardedRoot, type GuardedRoot } from '../../harness/guarded-root.ts'

const methods = [
  ['GET'],
  ['HEAD'],
  ['PUT'],
  ['DELETE'],
  ['MKCOL'],
  ['PROPFIND'],
  ['PROPPATCH'],
  ['LOCK'],
  ['MOVE'],
  ['COPY'],
] as const

/** Ways to write `../canary` that some server once took for it. */
const ways = [
  '../canary',
  './../canary',
  'sub/../../canary',
  'sub//..//../canary',
  '%2e%2e/canary',
  '%2E%2E/canary',
  '.%2e/canary',
  '..%2fcanary',
  '%2e%2e%2fcanary',
  '%252e%252e/canary',
  '%252e%252e%252fcanary',
  '..%5ccanary',
  '..\\canary',
  '%2e%2e%5ccanary',
  '..%c0%afcanary',
  '%c0%ae%c0%ae/canary',
  '%e0%80%ae%e0%80%ae/canary',
  '..%ef%bc%8fcanary',
  '%uff0e%uff0e/canary',
  '..;/canary',
  '..%3b/canary',
  '..%00/canary',
  '%00/../canary',
  '....//canary',
  '..%0d%0a/canary',
  '..?/canary',
  '..%23/canary',
  '../root-twin',
  '%2e%2e/root-twin',
  '-twin',
] as const

describe('paths that try to leave the root', () => {
  let guarded: GuardedRoot
  let front: TestFront
  let dav: Dav
  let before: ReadonlyMap<string, string>
  let pid: number
  beforeAll(async () => {
    guarded = await makeGuardedRoot()
    front = await startTestFront({ rootDir: guarded.rootDir, metadataTtlMs: 0, negativeTtlMs: 0 })
    dav = davClient(front)
    pid = front.pid
  })
  afterAll(async () => {
    await front.stop()
    await guarded[Symbol.asyncDispose]()
  })
  beforeEach(async () => {
    await writeFile(join(guarded.rootDir, 'own.txt'), 'own')
    before = await guarded.outside()
  })
  afterEach(async () => {
    expect(await guarded.outside()).toEqual(before)
    expect(front.pid).toBe(pid)
    expect((await dav('GET', 'own.txt')).text).toBe('own')
  })

  /** Every target by which the canary might be meant, below the secret and around it. */
  function targets(): string[] {
    const { basePath, port } = front
    const { canaryDir } = guarded
    const outward = ways.flatMap((way) => [`${basePath}${way}/secret.txt`, `${basePath}${way}`])
    return [
      ...outward,
      `${basePath}${canaryDir}/secret.txt`,
      `${basePath}%2f${encodeURIComponent(canaryDir.slice(1))}%2fsecret.txt`,
      `${basePath}../../../../../../../../etc/passwd`,
      `${canaryDir}/secret.txt`,
      '/../canary/secret.txt',
      `http://127.0.0.1:${port}${basePath}../canary/secret.txt`,
      `http://127.0.0.1:${port}${basePath}%2e%2e/canary/secret.txt`,
      `http://evil.example${basePath}../canary/secret.txt`,
      `file://${canaryDir}/secret.txt`,
      `//evil.example${basePath}../canary/secret.txt`,
      `..${basePath}../canary/secret.txt`,
    ]
  }

  test.for(methods)('%s reaches nothing outside by any encoding', async ([method]) => {
    for (const target of targets()) {
      const answer = await tryRequest({
        method,
        target,
        port: front.port,
        headers: { Depth: '1', Destination: `${front.url}stolen.txt` },
        ...(method === 'PUT' ? { body: 'overwritten' } : {}),
      })
      if (answer === undefined) continue
      expect(answer.status, target).toBeLessThan(500)
      expect(answer.text, target).not.toContain(guarded.secret)
      expect(answer.text, target).not.toContain('root:x:0')
      expect((await dav('GET', 'stolen.txt')).status, target).toBe(404)
    }
  })

  test.for([['MOVE'], ['COPY']] as const)(
    '%s delivers nothing outside by any Destination',
    async ([method]) => {
      for (const target of targets()) {
        const destinations = [target, new URL(front.url).origin + target.replace(/^https?:\/\/[^/]*/, '')]
        for (const destination of destinations) {
          await writeFile(join(guarded.rootDir, 'own.txt'), 'own')
          const answer = await dav(method, 'own.txt', { headers: { Destination: destination } })
          // Doubly encoded dots are a legal name; then the file lies in the root, which the count of `outside` shows.
          expect(answer.status, destination).toSatisfy((status: number) => status < 500 || status === 502)
        }
      }
      expect(await readdir(join(guarded.rootDir, '..'))).toHaveLength(4)
    },
  )

  test.for([['MOVE'], ['COPY']] as const)('%s refuses a Destination on another server', async ([method]) => {
    const { port, basePath, pathSecret } = front
    const destinations = [
      `http://evil.example${basePath}moved.txt`,
      `http://127.0.0.1:${port + 1}${basePath}moved.txt`,
      `https://127.0.0.1:${port}${basePath}moved.txt`,
      `ftp://127.0.0.1:${port}${basePath}moved.txt`,
      `file://${guarded.canaryDir}/moved.txt`,
      `http://user@127.0.0.1:${port}${basePath}moved.txt`,
      `//evil.example${basePath}moved.txt`,
      `http://127.0.0.1:${port}/moved.txt`,
      `http://127.0.0.1:${port}/${'0'.repeat(32)}/moved.txt`,
      `http://127.0.0.1:${port}/${pathSecret}moved.txt`,
      '/moved.txt',
    ]
    for (const destination of destinations) {
      const answer = await dav(method, 'own.txt', { headers: { Destination: destination } })
      expect([400, 403, 404, 409, 502], destination).toContain(answer.status)
    }
    expect(await readdir(guarded.rootDir)).not.toContain('moved.txt')
  })

  test('an upward path that stays inside is refused or resolved, never taken for a name', async () => {
    const answer = await dav('GET', 'sub/../own.txt')
    expect(answer.status === 200 ? answer.text : answer.status).toSatisfy(
      (outcome: string | number) => outcome === 'own' || [400, 403, 404].includes(Number(outcome)),
    )
  })

  test.for([
    ['NUL', 'a%00b'],
    ['NUL at the end', 'own.txt%00'],
    ['NUL alone', '%00'],
    ['a broken escape', 'a%zzb'],
    ['half an escape', 'a%4'],
    ['a lone percent', '%'],
    ['bytes that are no UTF-8', '%ff%fe'],
    ['an overlong slash', 'a%c0%afb'],
    ['a surrogate in UTF-8', '%ed%a0%80'],
    ['raw bytes above ASCII', 'caf\u00e9'],
    ['a raw space', 'a b'],
    ['a raw control character', 'a\u0001b'],
  ] as const)('refuses a path with %s', async ([, path]) => {
    for (const [method] of methods) {
      const target = front.basePath + path
      const headers = { Destination: `${front.url}elsewhere.txt` }
      const answer = await tryRequest({ method, target, port: front.port, headers })
      if (answer !== undefined) expect([400, 403, 404], `${method} ${target}`).toContain(answer.status)
    }
    const headers = { Destination: front.url + path }
    expect([400, 403, 404]).toContain((await dav('COPY', 'own.txt', { headers })).status)
    expect(await readdir(guarded.rootDir)).not.toContain(basename(path))
  })

  test('serves an absolute-form target as the same file, and only on its own host', async () => {
    const { port, basePath } = front
    const own = await request({ method: 'GET', target: `http://127.0.0.1:${port}${basePath}own.txt`, port })
    expect(own.status === 200 ? own.text : own.status).toSatisfy(
      (outcome: string | number) => outcome === 'own' || [400, 403, 404].includes(Number(outcome)),
    )
    const foreign = await request({ method: 'GET', target: `http://evil.example${basePath}own.txt`, port })
    expect([400, 403, 404]).toContain(foreign.status)
  })
})
