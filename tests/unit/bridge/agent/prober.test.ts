import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, describe, expect, test } from 'vitest'

import { Prober, type ProbeResult } from '../../../../docker/bridge/agent/probe/prober.ts'
import { StallWatch } from '../../../../docker/bridge/agent/probe/stall-watch.ts'
import { FakeClock } from '../../../fakes/fake-clock.ts'
import { makeTempDir } from '../../../harness/temp-dir.ts'
import { waitFor } from '../../../harness/wait-for.ts'

const realProbe = new URL('../../../../docker/bridge/agent/probe/main.ts', import.meta.url).pathname

describe('probing a mount', () => {
  const disposables: Disposable[] = []
  afterEach(() => {
    for (const disposable of disposables.splice(0)) disposable[Symbol.dispose]()
  })

  function start(command: readonly [string, ...string[]]) {
    const clock = new FakeClock()
    const results: ProbeResult[] = []
    const prober = new Prober({ command, clock, onResult: (result) => results.push(result) })
    disposables.push(prober)
    const next = (count: number): Promise<true> =>
      waitFor(() => (results.length >= count ? true : undefined), { what: `result ${count}` })
    return { clock, results, prober, next }
  }

  test('takes the time of an answer, at once and then every five seconds', async () => {
    const { clock, results, next } = start([process.execPath, realProbe, '/', 'any'])
    await next(1)
    await clock.advance(5_000)
    await next(2)
    for (const result of results) expect(result).toMatchObject({ type: 'answered' })
  })

  test('asks at once when told to', async () => {
    const { prober, next } = start([process.execPath, realProbe, '/', 'any'])
    await next(1)
    prober.probeNow()
    await next(2)
  })

  test.each([
    ['a folder that is no NFS mount', '/', 'not-nfs'],
    ['a folder that is not there', '/no/such/folder', 'ENOENT'],
  ])('tells of %s', async (_, dir, code) => {
    const { results, next } = start([process.execPath, realProbe, dir])
    await next(1)
    expect(results).toEqual([{ type: 'failed', code }])
  })

  test('says that nothing is heard, and hears the answer the moment it comes', async () => {
    await using temp = await makeTempDir('probe')
    const signPath = join(temp.dir, 'answer')
    const script = `process.stdin.once('data', () => setInterval(() => {
      if (require('node:fs').existsSync(${JSON.stringify(signPath)})) process.stdout.write('{"type":"answered","roundTripMs":7}\\n')
    }, 10))`
    const { clock, results, next } = start([process.execPath, '-e', script])
    await clock.advance(5_000)
    expect(results).toEqual([{ type: 'silent' }])
    // The clock stands still: no further probe is sent.
    await writeFile(signPath, '')
    await next(2)
    expect(results).toEqual([{ type: 'silent' }, { type: 'answered', roundTripMs: 7 }])
  })

  test('replaces a probe that stays silent', async () => {
    const { clock, results } = start([process.execPath, '-e', 'process.stdin.resume()'])
    await clock.advance(5_000 + 30_000 + 5_000)
    expect(results).toEqual([{ type: 'silent' }, { type: 'silent' }])
  })

  test('survives probes that die or talk nonsense', async () => {
    const { clock, results, next } = start([
      process.execPath,
      '-e',
      'console.log("nonsense"); process.exit(1)',
    ])
    await next(1)
    await clock.advance(5_000)
    await next(2)
    expect(results).toEqual([
      { type: 'failed', code: 'probe-died' },
      { type: 'failed', code: 'probe-died' },
    ])
  })
})

describe('a long stall', () => {
  test('is told after 20 s, and again after ever longer pauses, until it is over', async () => {
    const clock = new FakeClock()
    let told = 0
    using watch = new StallWatch(clock, () => (told += 1))
    const counts: number[] = []
    for (const seconds of [19, 1, 39, 1, 79, 1]) {
      watch.tell(true)
      await clock.advance(seconds * 1_000)
      counts.push(told)
    }
    watch.tell(false)
    await clock.advance(3_600_000)
    expect(counts).toEqual([0, 1, 1, 2, 2, 3])
    expect(told).toBe(3)
    watch.tell(true)
    await clock.advance(20_000)
    expect(told).toBe(4)
  })
})
