import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { startApp, type RunningApp } from '../harness/electron/start-app.ts'
import { useChromium } from '../harness/electron/use-chromium.ts'
import { makeCommandHome, volumesBelow, type CommandHome } from '../harness/command-home.ts'
import { needs } from '../harness/needs.ts'
import { quits } from './drives/app-home.ts'

needs('chromium', 'davfs2')(
  'the app on the stand-in for Electron, with a real front and a real mount',
  () => {
    const browser = useChromium()
    let home: CommandHome
    let app: RunningApp
    beforeEach(async () => {
      home = await makeCommandHome()
      app = await startApp({
        homeDir: join(home.dir, 'user'),
        browser: browser(),
        env: { MOUNTBAR_HOME: join(home.dir, 'app'), XDG_CONFIG_HOME: undefined },
      })
    })
    afterEach(async () => {
      await app[Symbol.asyncDispose]()
      expect(await home.cleanUp()).toEqual([])
    })

    test('takes a newcomer to a mounted Sandbox in one click, and away again', async () => {
      const page = await app.page()
      await page.getByRole('button', { name: 'Mount the Sandbox' }).click()
      await expect.poll(() => volumesBelow(home.dir), { timeout: 30_000 }).toHaveLength(1)
      await expect.poll(() => app.desk.tray?.imagePath).toMatch(/mountedTemplate\.png$/)
      expect(app.desk.powerSaveBlockers).toMatchObject([{ type: 'prevent-app-suspension' }])

      const [volume = ''] = await volumesBelow(home.dir)
      await writeFile(join(volume, 'from the volume.txt'), 'hello')
      await page.getByRole('button', { name: /^Activity/ }).click()
      // Delivered: one that is still on its way would keep the app from quitting at once.
      const recent = page.getByRole('listitem').filter({ hasText: 'from the volume.txt' })
      await recent.getByText('in S3').waitFor()

      await page.getByRole('button', { name: /^Drives/ }).click()
      await page.getByRole('button', { name: /^Unmount/ }).click()
      await expect.poll(() => volumesBelow(home.dir), { timeout: 30_000 }).toEqual([])
      await quits(app)
    })
  },
)
