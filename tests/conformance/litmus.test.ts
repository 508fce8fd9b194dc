import { afterAll, beforeAll, expect, test } from 'vitest'

import { startTestFront, type TestFront } from '../harness/front.ts'
import { litmusSuites, runLitmus } from '../harness/litmus.ts'
import { needs } from '../harness/needs.ts'
import { startRewritingProxy } from '../harness/rewriting-proxy.ts'

const webdavfs = 'WebDAVFS/3.0.0 (03008000) Darwin/24.6.0 (arm64)'

needs('litmus')('litmus', () => {
  let front: TestFront
  beforeAll(async () => (front = await startTestFront()))
  afterAll(() => front.stop())

  test.for(litmusSuites)('passes the whole suite %s in the standard manner', async (suite) => {
    const { failures, skipped, passed } = await runLitmus(suite, front.url)
    expect({ failures, skipped }).toEqual({ failures: [], skipped: [] })
    expect(passed).toBeGreaterThan(0)
  })

  // What macOS is granted although RFC 4918 would refuse it: a lost or stale lock token must not cost it a save.
  const lenientLocks: Readonly<Record<string, readonly string[]>> = {}

  test.for(litmusSuites)('differs in the macOS manner only where locks are lenient: %s', async (suite) => {
    await using proxy = await startRewritingProxy(front.port, webdavfs)
    const { failures, skipped } = await runLitmus(suite, `http://127.0.0.1:${proxy.port}${front.basePath}`)
    expect({ failures, skipped }).toEqual({ failures: lenientLocks[suite] ?? [], skipped: [] })
  })
})
