import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Page } from 'playwright-core'
import { test } from 'vitest'

import { useChromium } from '../../harness/electron/use-chromium.ts'
import { needs } from '../../harness/needs.ts'
import {
  contentBecomes,
  firstIsDelivered,
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

needs('chromium', 'davfs2')('a drive that is removed while it is mounted', () => {
  const browser = useChromium()

  test.concurrent('leaves nothing of it but the folder with its files', async ({ expect }) => {
    await using home = await makeAppHome(browser())
    const photos = await home.makeDrive('Photos')
    const music = await home.makeDrive('Music')
    await home.writeSettings([photos, music])
    const app = await home.startApp()
    const page = await popoverOf(app)
    await mountIn(page, photos)
    await mountIn(page, music)
    await writeFile(join(photos.mountPoint, 'mine.txt'), 'mine')
    await contentBecomes(join(photos.sourceDir, 'mine.txt'), 'mine')
    await firstIsDelivered(app, page, photos)

    await askToRemove(page, photos)
    const dialog = page.getByRole('alertdialog').or(page.getByRole('dialog'))
    expect(await dialog.textContent()).toContain('It leaves the list. The folder and its files stay.')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await statusBecomes(page, photos, 'Mounted')

    await askToRemove(page, photos)
    await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
    await rowOf(page, photos).waitFor({ state: 'detached' })
    expect(await home.volumes()).toEqual([music.mountPoint])
    expect(await readFile(join(photos.sourceDir, 'mine.txt'), 'utf8')).toBe('mine')
    expect(await leftOf(home, photos)).toEqual([])
    await statusBecomes(page, music, 'Mounted')
    await quits(app)
  })

  test.concurrent('keeps what is not delivered until a person says that it may go', async ({ expect }) => {
    await using home = await makeAppHome(browser())
    const photos = await home.makeDrive('Photos')
    await home.writeSettings([photos])
    const app = await home.startApp()
    const page = await popoverOf(app)
    await mountIn(page, photos)
    await home.gate.close()
    await writeFile(join(photos.mountPoint, 'unsafe.txt'), 'not delivered')
    await tooltipSays(app, '1 file on its way')

    await askToRemove(page, photos)
    const dialog = page.getByRole('alertdialog').or(page.getByRole('dialog'))
    expect(await dialog.textContent()).toContain(
      '1 file that was saved to it has not been delivered, and would be lost for good.',
    )
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await statusBecomes(page, photos, 'Mounted')
    expect(await leftOf(home, photos)).not.toEqual([])

    await askToRemove(page, photos)
    await dialog.getByRole('button', { name: 'Remove and discard' }).click()
    await rowOf(page, photos).waitFor({ state: 'detached' })
    expect(await home.volumes()).toEqual([])
    expect(await leftOf(home, photos)).toEqual([])
    expect(await readdir(photos.sourceDir)).toEqual([])
    await page.getByRole('button', { name: 'Mount the Sandbox' }).waitFor()
    await quits(app)
  })

  async function askToRemove(page: Page, { name }: FolderDrive): Promise<void> {
    await page.getByRole('button', { name: `More for ${name}` }).click()
    await page.getByRole('menuitem', { name: 'Remove…' }).click()
  }

  /** Of what was saved to a drive, read from it, or ran for it. What Finder keeps of its files stays. */
  async function leftOf(home: AppHome, { settings }: FolderDrive): Promise<readonly string[]> {
    const { id } = settings
    const dirs = [`state/fronts/${id}/spool`, `cache/fronts/${id}`, 'run']
    const names = await Promise.all(dirs.map((dir) => readdir(join(home.dir, 'app', dir)).catch(() => [])))
    const isOf = (name: string, dir: string): boolean => dir !== 'run' || name === `${id}.sock`
    return dirs.flatMap((dir, at) => (names[at] ?? []).filter((name) => isOf(name, dir)))
  }
})
