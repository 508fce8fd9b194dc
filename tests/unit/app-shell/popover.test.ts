import { beforeEach, describe, expect, test, vi } from 'vitest'

import { createPopover, type Popover } from '../../../src-main/app/shell/popover.ts'
import { safeWebPreferences } from '../../../src-main/app/shell/security.ts'
import { silentLogger } from '../../../src-main/lib/logger.ts'
import { channels } from '../../../src-main/shared/app/channels.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'
import { BrowserWindow, FakeEvent } from '../../fakes/fake-electron.ts'

vi.mock('electron', () => import('../../fakes/fake-electron.ts'))

const session = {}
let clock: FakeClock
let popover: Popover
let shown: boolean[]

beforeEach(() => {
  clock = new FakeClock()
  popover = createPopover({
    session: session as never,
    preloadPath: '/preload.cjs',
    clock,
    logger: silentLogger,
    place: ({ width, height }) => ({ x: 10, y: 20, width, height: Math.min(height, 900) }),
  })
  shown = []
  popover.page.shown.on((isShown) => shown.push(isShown))
})

describe('the popover', () => {
  test('is a window from which nothing can be reached', () => {
    const { webPreferences } = BrowserWindow.last.options
    expect(webPreferences).toEqual({ ...safeWebPreferences, session, preload: '/preload.cjs' })
    expect(webPreferences?.session).toBe(session)
  })

  test('is not shown before it is painted, however early it is wanted', async () => {
    popover.load()
    popover.toggle()
    expect(isVisible()).toBe(false)
    BrowserWindow.last.emit('ready-to-show')
    await drawn()
    expect(isVisible()).toBe(true)
    expect(shown).toEqual([true])
  })

  test('says that it is about to be shown, and draws what it is sent then before it is seen', async () => {
    loaded()
    popover.page.shown.on(() => popover.resize(700))
    popover.show()
    expect([popover.page.isShown, isVisible()]).toEqual([true, false])
    await drawn()
    expect(isVisible()).toBe(true)
    expect(BrowserWindow.last.bounds.height).toBe(700)
  })

  test('does not appear when it was hidden before it could', async () => {
    loaded()
    popover.toggle()
    popover.toggle()
    await drawn()
    expect(isVisible()).toBe(false)
    expect(shown).toEqual([true, false])
  })

  test('opens by a click and closes by the next, whose press took the focus from it', async () => {
    loaded()
    popover.toggle()
    await drawn()
    expect(isVisible()).toBe(true)
    BrowserWindow.last.emit('blur')
    expect(isVisible()).toBe(false)
    await clock.advance(100)
    popover.toggle()
    expect(isVisible()).toBe(false)
    await clock.advance(1_000)
    popover.toggle()
    await drawn()
    expect(isVisible()).toBe(true)
    expect(shown).toEqual([true, false, true])
  })

  test('opens again at once after Esc, which is nobody’s click', async () => {
    loaded()
    popover.show()
    await drawn()
    popover.hide()
    popover.toggle()
    await drawn()
    expect(isVisible()).toBe(true)
  })

  test('stays while a dialog of the system has the focus', async () => {
    loaded()
    popover.show()
    await drawn()
    const answer = await popover.stayOpen(() => {
      BrowserWindow.last.emit('blur')
      return Promise.resolve('/chosen')
    })
    expect(answer).toBe('/chosen')
    expect(isVisible()).toBe(true)
    BrowserWindow.last.emit('blur')
    expect(isVisible()).toBe(false)
  })

  test('is as high as its page wants and its display has, already when it is opened', async () => {
    loaded()
    popover.resize(640)
    popover.show()
    await drawn()
    expect(BrowserWindow.last.bounds).toEqual({ x: 10, y: 20, width: 360, height: 640 })
    popover.resize(3_000)
    expect(BrowserWindow.last.bounds.height).toBe(900)
  })

  test('goes to the view that was wanted before there was a page', async () => {
    popover.load()
    popover.showView('settings')
    expect(sent()).toEqual([])
    loaded()
    expect(sent()).toEqual([[channels.navigate, 'settings']])
    await drawn()
    expect(isVisible()).toBe(true)
  })

  test('hides instead of closing, until the app ends', () => {
    loaded()
    popover.show()
    const closing = new FakeEvent()
    BrowserWindow.last.emit('close', closing)
    expect([closing.isPrevented, isVisible()]).toEqual([true, false])
    popover.letClose()
    const ending = new FakeEvent()
    BrowserWindow.last.emit('close', ending)
    expect(ending.isPrevented).toBe(false)
  })

  test('loads a page that crashed anew, but not over and over', async () => {
    popover.load()
    loaded()
    await clock.advance(60_000)
    crash()
    expect(BrowserWindow.last.loads).toHaveLength(2)
    crash()
    expect(BrowserWindow.last.loads).toHaveLength(2)
    await clock.advance(60_000)
    popover.show()
    expect(BrowserWindow.last.loads).toHaveLength(3)
    loaded()
    await drawn()
    expect(isVisible()).toBe(true)
  })

  test('knows the messages of its own page from all others', () => {
    const { webContents } = BrowserWindow.last
    const own = { sender: webContents, senderFrame: webContents.mainFrame }
    expect(isOwn(own)).toBe(true)
    expect(isOwn({ ...own, sender: {} })).toBe(false)
    expect(isOwn({ ...own, senderFrame: null })).toBe(false)
    expect(isOwn({ ...own, senderFrame: { url: webContents.mainFrame.url } })).toBe(false)
    webContents.mainFrame.url = 'https://example.com/index.html'
    expect(isOwn(own)).toBe(false)
  })
})

function isOwn(event: object): boolean {
  return popover.page.isOwn(event as never)
}

function isVisible(): boolean {
  return BrowserWindow.last.isVisible()
}

function sent(): readonly unknown[] {
  return BrowserWindow.last.webContents.sent
}

function loaded(): void {
  BrowserWindow.last.webContents.emit('did-finish-load')
}

async function drawn(): Promise<void> {
  await clock.advance(50)
}

function crash(): void {
  BrowserWindow.last.webContents.emit('render-process-gone', {}, { reason: 'crashed' })
}
