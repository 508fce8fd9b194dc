import { expect, test, vi } from 'vitest'

import type { AskingPage } from '../../../src-main/app/ipc/route-commands.ts'
import { createEmitter } from '../../../src-main/lib/event.ts'
import { silentLogger } from '../../../src-main/lib/logger.ts'
import { channels } from '../../../src-main/shared/app/channels.ts'
import { fakeMountbarApp } from '../../fakes/fake-mountbar-app.ts'

const handled = vi.hoisted(() => new Map<string, (event: unknown, ...sent: unknown[]) => Promise<unknown>>())
vi.mock('electron', () => ({
  ipcMain: {
    handle: (channel: string, answer: (event: unknown, ...sent: unknown[]) => Promise<unknown>) => {
      handled.set(channel, answer)
    },
    removeHandler: (channel: string) => handled.delete(channel),
  },
}))
const { routeCommands } = await import('../../../src-main/app/ipc/route-commands.ts')

const ownEvent = { sender: 'our page' }

function route() {
  const sent: [string, unknown][] = []
  const shown = createEmitter<boolean>()
  const page = {
    isOwn: (event: unknown) => event === ownEvent,
    send: (channel: string, payload: unknown) => void sent.push([channel, payload]),
    isShown: false as boolean,
    shown,
  } satisfies AskingPage
  const mountbar = fakeMountbarApp()
  const routing = routeCommands({ mountbar, page, log: silentLogger })
  const ask = async (event: unknown, ...args: unknown[]) =>
    await handled.get(channels.invoke)!(event, ...args)
  return { sent, shown, page, mountbar, routing, ask }
}

test('what our page asks is run, and answered', async () => {
  const { ask, mountbar } = route()
  expect(await ask(ownEvent, 'popover.hide', {})).toMatchObject({ ok: true })
  expect(mountbar.runs).toEqual([{ name: 'popover.hide', input: {} }])
})

test.each([
  ['another page', { sender: 'another page' }, 'app.quit'],
  ['a name that is no command', ownEvent, 'app.format-disk'],
  ['a name of every object', ownEvent, 'constructor'],
  ['no name', ownEvent, undefined],
])('%s is refused, and nothing is run', async (_, event, name) => {
  const { ask, mountbar } = route()
  expect(await ask(event, name, {})).toMatchObject({ ok: false, error: { code: 'message-invalid' } })
  expect(mountbar.runs).toEqual([])
})

test('a page that nobody sees is sent nothing, and all there is when it is shown', () => {
  const { sent, shown, page, mountbar } = route()
  mountbar.publish({ version: '2' })
  expect(sent).toEqual([])
  shown.fire(true)
  expect(sent.map(([channel]) => channel)).toEqual([channels.snapshot])
  page.isShown = true
  mountbar.publish({ version: '3' })
  expect(sent).toHaveLength(2)
})

test('a route that has ended answers and sends nothing', () => {
  const { routing, sent, page, mountbar } = route()
  page.isShown = true
  routing[Symbol.dispose]()
  mountbar.publish({ version: '2' })
  expect([handled.has(channels.invoke), sent]).toEqual([false, []])
})
