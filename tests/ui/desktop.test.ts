import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { makeTempDir, type TempDir } from '../harness/temp-dir.ts'
import { startApp, type RunningApp } from '../harness/electron/start-app.ts'
import { useChromium } from '../harness/electron/use-chromium.ts'
import type { MenuItemView } from '../harness/electron/protocol.ts'
import { needs } from '../harness/needs.ts'

needs('chromium')('the desktop of the app on the stand-in for Electron', () => {
  const browser = useChromium()
  let temp: TempDir
  let app: RunningApp
  beforeEach(async () => {
    temp = await makeTempDir('desktop')
    app = await startApp({
      homeDir: join(temp.dir, 'user'),
      browser: browser(),
      env: { MOUNTBAR_HOME: join(temp.dir, 'app'), XDG_CONFIG_HOME: undefined },
      machine: {
        displays: [
          { bounds: { x: 0, y: 0, width: 1440, height: 900 } },
          { bounds: { x: 1440, y: 0, width: 1920, height: 1080 } },
        ],
      },
    })
  })
  afterEach(async () => {
    await app[Symbol.asyncDispose]()
    await temp[Symbol.asyncDispose]()
  })

  test('shows a newcomer the popover, under its icon and as high as its page', async () => {
    const page = await app.page()
    await page.getByRole('button', { name: 'Mount the Sandbox' }).waitFor()
    const { tray, windows } = app.desk
    const [{ bounds } = { bounds: undefined }] = windows
    expect(bounds?.width).toBe(360)
    expect(bounds?.y).toBeGreaterThanOrEqual((tray?.bounds.y ?? 0) + (tray?.bounds.height ?? 0))
    const isAsHigh = async (): Promise<readonly boolean[]> => [
      await page.evaluate('document.documentElement.scrollHeight <= innerHeight'),
      (await page.evaluate('innerHeight')) === app.desk.windows[0]?.bounds.height,
    ]
    await expect.poll(isAsHigh).toEqual([true, true])
  })

  test('hides the popover by Esc and by a click elsewhere, and opens it by the icon', async () => {
    const page = await app.page()
    await page.getByRole('button', { name: 'Mount the Sandbox' }).waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(isOpen).toBe(false)
    await app.clickTray()
    await expect.poll(isOpen).toBe(true)
    await app.clickElsewhere()
    await expect.poll(isOpen).toBe(false)
    expect(app.deeds).toEqual([])
  })

  test('has a menu without the popover, which leads to the settings', async () => {
    await app.page()
    await app.clickTray('right-click')
    await expect.poll(() => labels(app.desk.openMenu)).toContain('Quit Mountbar')
    expect(labels(app.desk.openMenu)).toEqual(['Mount All', 'Add Drive…', 'Settings…', 'Quit Mountbar'])
    await app.chooseMenuItem('Settings…')
    const page = await app.page()
    await page.getByRole('heading', { name: 'Settings' }).first().waitFor()
  })

  test('follows no link to a drive that is not there', async () => {
    await app.page()
    for (const link of ['mountbar://mount/photos', 'mountbar://remove/photos', 'mountbar:///'])
      await app.openUrl(link)
    await app.activate()
    await app.page()
    expect(app.deeds).toEqual([])
  })

  test('lets its page go nowhere, open nothing and use nothing of the machine', async () => {
    const page = await app.page()
    await page.getByRole('button', { name: 'Mount the Sandbox' }).waitFor()
    await page.evaluate("void window.open('https://example.com/window')")
    await page.evaluate("void (location.href = 'https://example.com/page')")
    // Each is asked by a way of its own.
    await expect
      .poll(() => app.deeds.toSorted((one, other) => one.what.localeCompare(other.what)))
      .toEqual([
        { what: 'refuse-navigation', url: 'https://example.com/page' },
        { what: 'refuse-window', url: 'https://example.com/window' },
      ])
    for (const permission of ['geolocation', 'media', 'notifications', 'clipboard-read'])
      expect(await app.grantsPermission(permission)).toBe(false)
    expect(page.url()).toMatch(/popover.*\/index\.html$/)
  })

  test('ends by its menu', async () => {
    await app.page()
    await app.clickTray('right-click')
    await expect.poll(() => labels(app.desk.openMenu)).toContain('Quit Mountbar')
    await app.chooseMenuItem('Quit Mountbar')
    expect(await app.process.exited).toEqual({ code: 0, signal: null })
  })

  test('ends when the system shuts down', async () => {
    await app.page()
    await app.power('shutdown')
    expect(await app.process.exited).toEqual({ code: 0, signal: null })
  })

  function isOpen(): boolean {
    return app.desk.windows.some(({ isVisible }) => isVisible)
  }
})

function labels(menu: readonly MenuItemView[] | undefined): readonly string[] {
  return (menu ?? []).filter(({ type }) => type !== 'separator').map(({ label }) => label)
}
