import type { Page } from 'playwright-core'
import { test } from 'vitest'

import { useChromium } from '../../harness/electron/use-chromium.ts'
import { needs } from '../../harness/needs.ts'
import {
  makeAppHome,
  mountIn,
  popoverOf,
  quits,
  rowOf,
  statusBecomes,
  tooltipSays,
  type AppHome,
  type FolderDrive,
} from './app-home.ts'

/** Collects in the page the names of drives whose rows have changed. */
const watching = `
  globalThis.touched = new Set()
  const nameOf = (node) => (node instanceof Element ? node : node.parentElement)?.closest('li.drive')?.querySelector('h2')?.textContent
  new MutationObserver((mutations) => {
    for (const { target } of mutations) if (nameOf(target)) touched.add(nameOf(target))
  }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true })
`

needs('chromium', 'davfs2')('a list of fifty drives', () => {
  const browser = useChromium()

  test.concurrent('is shown, scrolled and used like a short one', async ({ expect }) => {
    await using home = await makeAppHome(browser())
    const drives = await makeFifty(home)
    await home.writeSettings(drives)
    const app = await home.startApp()
    await tooltipSays(app, 'nothing is mounted')
    const page = await popoverOf(app)
    const first = drives[0]!
    const last = drives[49]!
    await expect.poll(() => page.locator('li.drive').count()).toBe(50)
    const height = (): number => app.desk.windows.find(({ isVisible }) => isVisible)!.bounds.height
    // As high as the screen, and no higher.
    await expect.poll(height).toBeGreaterThan(600)
    expect(height()).toBeLessThanOrEqual(900)
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)

    // By the keyboard alone: what has the focus is in view.
    await page.getByRole('button', { name: `Mount ${last.name}`, exact: true }).focus()
    await expect.poll(() => isInView(page, last)).toBe(true)
    expect(await isInView(page, first)).toBe(false)
    await page.keyboard.press('Enter')
    await statusBecomes(page, last, 'Mounted')
    await page
      .locator(':focus')
      .and(page.getByRole('button', { name: `Unmount ${last.name}` }))
      .waitFor()
    expect(await home.volumes()).toEqual([last.mountPoint])
    await page.keyboard.press('Enter')
    await statusBecomes(page, last, 'Not mounted')

    await app.clickTray('right-click')
    expect(app.desk.openMenu?.filter(({ label }) => label.startsWith('Drive '))).toHaveLength(50)
    await app.chooseMenuItem(`${last.name} (not mounted)`, 'Mount')
    await tooltipSays(app, `${last.name} is mounted`)
    await quits(app)
  })

  test.concurrent('changes on the screen only where something has changed', async ({ expect }) => {
    await using home = await makeAppHome(browser())
    const drives = await makeFifty(home)
    const before = drives.slice(0, 49)
    await home.writeSettings(before)
    const app = await home.startApp()
    const page = await popoverOf(app)
    await expect.poll(() => page.locator('li.drive').count()).toBe(49)
    await tooltipSays(app, 'nothing is mounted')
    await page.evaluate(watching)
    await mountIn(page, drives[24]!)
    // Two looks at all drives: one by which a drive has come, one by which it has gone.
    await home.writeSettings(drives)
    await rowOf(page, drives[49]!).waitFor()
    await home.writeSettings(before)
    await rowOf(page, drives[49]!).waitFor({ state: 'detached' })
    expect(await page.evaluate('[...touched]')).toEqual([drives[24]!.name])
    await quits(app)
  })

  async function makeFifty(home: AppHome): Promise<readonly FolderDrive[]> {
    const names = Array.from({ length: 50 }, (_, index) => `Drive ${String(index + 1).padStart(2, '0')}`)
    return await Promise.all(names.map((name) => home.makeDrive(name)))
  }

  async function isInView(page: Page, drive: FolderDrive): Promise<boolean> {
    const box = await rowOf(page, drive).boundingBox()
    const height = page.viewportSize()?.height ?? 0
    return box !== null && box.y >= 0 && box.y < height
  }
})
