import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { createOpenUrl } from '../../../src-main/cli/aws/open-url.ts'
import { systemClock } from '../../../src-main/lib/clock.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'
import { makeTempDir, type TempDir } from '../../harness/temp-dir.ts'
import { waitFor } from '../../harness/wait-for.ts'

const url = 'https://example.com/authorize?state=a&b=c'
const never = new AbortController().signal

let temp: TempDir
beforeEach(async () => {
  temp = await makeTempDir('open-url')
})
afterEach(async () => {
  await temp[Symbol.asyncDispose]()
})

async function opener(script: string, name = 'xdg-open'): Promise<Readonly<Record<string, string>>> {
  const path = join(temp.dir, name)
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, 0o755)
  return { PATH: `${temp.dir}:/usr/bin:/bin`, DISPLAY: ':0' }
}

test.each([
  { title: 'an opener that succeeds has opened the page', script: 'exit 0', isOpen: true },
  { title: 'one that fails has not', script: 'exit 3', isOpen: false },
  { title: 'one that crashes has not', script: 'kill -9 $$', isOpen: false },
  { title: 'the page is its only argument', script: `[ "$#" = 1 ] && [ "$1" = '${url}' ]`, isOpen: true },
])('$title', async ({ script, isOpen }) => {
  const env = await opener(script)
  expect(await createOpenUrl({ platform: 'linux', env, clock: systemClock })(url, never)).toBe(isOpen)
})

test('macOS’s opener needs no screen to be named', async () => {
  const { PATH } = await opener('exit 0', 'open')
  const openUrl = createOpenUrl({ platform: 'darwin', env: { PATH }, clock: systemClock })
  expect(await openUrl(url, never)).toBe(true)
})

test('without an opener nothing is opened', async () => {
  const env = { PATH: temp.dir, DISPLAY: ':0' }
  expect(await createOpenUrl({ platform: 'linux', env, clock: systemClock })(url, never)).toBe(false)
})

describe('no opener is started', () => {
  test.each([
    { title: 'where there is no screen', platform: 'linux', extra: { DISPLAY: '' } },
    { title: 'over SSH', platform: 'linux', extra: { SSH_CONNECTION: '192.0.2.1 1 192.0.2.2 22' } },
    { title: 'on other systems', platform: 'freebsd', extra: {} },
  ] as const)('$title', async ({ platform, extra }) => {
    const env = { ...(await opener('exit 0')), ...extra }
    expect(await createOpenUrl({ platform, env, clock: systemClock })(url, never)).toBe(false)
  })
})

test('an opener that stays as long as the browser has opened it', async () => {
  const clock = new FakeClock()
  const env = await opener('exec sleep 5')
  const isOpen = createOpenUrl({ platform: 'linux', env, clock })(url, never)
  await waitFor(() => clock.pendingCount === 1, { what: 'the opener to be waited for' })
  await clock.advance(2_000)
  expect(await isOpen).toBe(true)
})

test('whoever gives up does not wait for the opener', async () => {
  const clock = new FakeClock()
  const stop = new AbortController()
  const env = await opener('exec sleep 5')
  const isOpen = createOpenUrl({ platform: 'linux', env, clock })(url, stop.signal)
  await waitFor(() => clock.pendingCount === 1, { what: 'the opener to be waited for' })
  stop.abort(new Error('enough'))
  await expect(isOpen).rejects.toThrow('enough')
  expect(clock.pendingCount).toBe(0)
})
