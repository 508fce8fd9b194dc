import { afterEach, expect, test } from 'vitest'

import { openApp, type OpenApp, type OpenOptions } from './open-app.ts'

let cleanup = new AsyncDisposableStack()
afterEach(async () => {
  await cleanup.disposeAsync()
  cleanup = new AsyncDisposableStack()
})

async function open(options: OpenOptions): Promise<OpenApp> {
  return cleanup.use(await openApp(options))
}

test('a reset takes updates from where they came from at first, and any engine', async () => {
  const opened = await open({ settings: { updateChannel: 'beta', engine: '/my.sock' } })
  const { desktop, world } = opened
  expect(desktop.deeds).toContainEqual(['channel', 'beta'])
  const { looks } = world
  await opened.do('app.reset', {})
  await opened.pass(1)
  expect(desktop.deeds.at(-1)).toEqual(['channel', 'stable'])
  expect(world.looks).toBe(looks + 1)
})

test('a channel that is written into the file counts for the next look for updates', async () => {
  const { desktop, parts, pass } = await open({})
  await parts.settings.update((settings) => ({ ...settings, updateChannel: 'beta' }))
  await pass(4_000)
  expect(desktop.deeds.at(-1)).toEqual(['channel', 'beta'])
})
