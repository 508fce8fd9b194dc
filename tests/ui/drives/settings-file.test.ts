import { readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { test } from 'vitest'

import { useChromium } from '../../harness/electron/use-chromium.ts'
import { needs } from '../../harness/needs.ts'
import {
  contentBecomes,
  makeAppHome,
  mountIn,
  popoverOf,
  quits,
  rowOf,
  statusBecomes,
  type AppHome,
} from './app-home.ts'

needs('chromium', 'davfs2')('the settings file', () => {
  const browser = useChromium()

  test.concurrent(
    'of version 3 keeps its drives, and is of today’s version with the first change',
    async ({ expect }) => {
      await using home = await makeAppHome(browser())
      const photos = await home.makeDrive('Photos')
      const old = JSON.stringify({ version: 3, drives: [photos.settings] })
      await writeFile(home.settingsPath, old)
      const app = await home.startApp()
      const page = await popoverOf(app)
      await mountIn(page, photos)
      await writeFile(join(photos.mountPoint, 'a.txt'), 'a')
      await contentBecomes(join(photos.sourceDir, 'a.txt'), 'a')
      // Reading changes nothing: an older version of the app could still be started.
      expect(await readFile(home.settingsPath, 'utf8')).toBe(old)

      await page.getByRole('button', { name: 'More for Photos' }).click()
      await page.getByRole('menuitem', { name: 'Settings…' }).click()
      await page.getByRole('switch', { name: /^Mount by itself/ }).click()
      await page.getByRole('button', { name: 'Save' }).click()
      const { autoMount: _, ...settings } = photos.settings
      await expect
        .poll(() => settingsOf(home))
        .toEqual({
          version: 4,
          drives: [{ ...settings, autoMount: true }],
          updateChannel: 'stable',
          notifications: {},
        })
      await quits(app)

      const next = await home.startApp()
      await statusBecomes(await popoverOf(next), photos, 'Mounted')
      await quits(next)
    },
  )

  test.concurrent(
    'that is broken is kept aside, which the app says, and goes on with none',
    async ({ expect }) => {
      await using home = await makeAppHome(browser())
      const photos = await home.makeDrive('Photos')
      const broken = JSON.stringify({ version: 4, drives: [photos.settings] }).slice(0, -20)
      await writeFile(home.settingsPath, broken)
      const app = await home.startApp()
      // Without drives it shows its popover by itself.
      const page = await app.page()
      const said = page.getByRole('region', { name: 'What needs attention' })
      await expect.poll(() => said.textContent()).toContain('settings')
      await expect.poll(() => app.desk.tray?.imagePath).toMatch(/attentionTemplate\.png$/)

      const names = await readdir(dirname(home.settingsPath))
      const kept = names.filter((name) => name.startsWith('settings.json.broken-'))
      expect(kept).toHaveLength(1)
      expect(await said.textContent()).toContain(kept[0])
      expect(await readFile(join(dirname(home.settingsPath), kept[0]!), 'utf8')).toBe(broken)

      // The person mends it and puts it back: the drive is there again.
      await home.writeSettings([photos])
      await rowOf(page, photos).waitFor()
      await quits(app)
    },
  )

  test.concurrent(
    'of a later version is left as it is, and the app says why it shows no drives',
    async ({ expect }) => {
      await using home = await makeAppHome(browser())
      const text = '{"version":99,"drives":[],"more":true}'
      await writeFile(home.settingsPath, text)
      const app = await home.startApp()
      const page = await app.page()
      const said = page.getByRole('region', { name: 'What needs attention' })
      await expect.poll(() => said.textContent()).toMatch(/newer|later/)
      await expect.poll(() => app.desk.tray?.imagePath).toMatch(/errorTemplate\.png$/)
      await quits(app)
      expect(await readFile(home.settingsPath, 'utf8')).toBe(text)
    },
  )

  async function settingsOf(home: AppHome): Promise<unknown> {
    return JSON.parse(await readFile(home.settingsPath, 'utf8'))
  }
})
