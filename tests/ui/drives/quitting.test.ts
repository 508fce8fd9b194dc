import { open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { test } from 'vitest'

import { type RunningApp } from '../../harness/electron/start-app.ts'
import { useChromium } from '../../harness/electron/use-chromium.ts'
import { needs } from '../../harness/needs.ts'
import {
  contentBecomes,
  ends,
  makeAppHome,
  mountIn,
  popoverOf,
  quits,
  statusBecomes,
  tooltipSays,
  type AppHome,
  type FolderDrive,
} from './app-home.ts'

needs('chromium', 'davfs2')('quitting', () => {
  const browser = useChromium()

  test.concurrent(
    'with a file on its way asks, stays when told so, and leaves it for the next start',
    async ({ expect }) => {
      await using home = await makeAppHome(browser())
      const photos = await home.makeDrive('Photos')
      const app = await appWithPending(home, photos)

      await app.quit()
      const first = await app.dialog('message-box')
      expect(first.options).toMatchObject({
        message: 'One file is still on its way',
        buttons: ['Wait and Quit', 'Quit Now', 'Cancel'],
      })
      first.answer({ response: 2 })
      await statusBecomes(await popoverOf(app), photos, 'Mounted')
      expect(app.process.hasExited).toBe(false)
      expect(await home.volumes()).toEqual([photos.mountPoint])

      await app.quit()
      ;(await app.dialog('message-box')).answer({ response: 1 })
      await ends(app)
      expect(await home.volumes()).toEqual([])
      expect(await readFile(join(photos.sourceDir, 'new.txt'), 'utf8').catch(() => 'not there')).toBe(
        'not there',
      )

      const next = await home.startApp()
      await tooltipSays(next, '1 file on its way')
      await home.gate.open()
      await mountIn(await popoverOf(next), photos)
      await contentBecomes(join(photos.sourceDir, 'new.txt'), 'saved')
      await quits(next)
    },
  )

  test.concurrent(
    'waits for what is on its way where a person chooses so, and ends then by itself',
    async ({ expect }) => {
      await using home = await makeAppHome(browser())
      const photos = await home.makeDrive('Photos')
      const app = await appWithPending(home, photos)

      await app.quit()
      ;(await app.dialog('message-box')).answer({ response: 0 })
      await statusBecomes(await popoverOf(app), photos, /^Delivering 1 file/)
      expect(await home.volumes()).toEqual([])
      await app.quit()
      const again = await app.dialog('message-box')
      expect(again.options).toMatchObject({ message: 'Mountbar quits when everything is delivered' })
      again.answer({ response: 0 })
      expect(app.process.hasExited).toBe(false)

      await home.gate.open()
      await ends(app)
      expect(await readFile(join(photos.sourceDir, 'new.txt'), 'utf8')).toBe('saved')
    },
  )

  test.concurrent(
    'is called off while it waits: what is on its way arrives, and the app goes on',
    async () => {
      await using home = await makeAppHome(browser())
      const photos = await home.makeDrive('Photos')
      const app = await appWithPending(home, photos)
      await app.quit()
      ;(await app.dialog('message-box')).answer({ response: 0 })
      const page = await popoverOf(app)
      await statusBecomes(page, photos, /^Delivering/)
      await app.quit()
      ;(await app.dialog('message-box')).answer({ response: 2 })

      await home.gate.open()
      await contentBecomes(join(photos.sourceDir, 'new.txt'), 'saved')
      await statusBecomes(page, photos, 'Not mounted')
      await mountIn(page, photos)
      await quits(app)
    },
  )

  test.concurrent(
    'with a volume in use names it, and goes on or takes it by force as a person says',
    async ({ expect }) => {
      await using home = await makeAppHome(browser())
      const photos = await home.makeDrive('Photos')
      await home.writeSettings([photos])
      // There from the beginning: with one that was just saved, the question might be about that.
      await writeFile(join(photos.sourceDir, 'open.txt'), 'open')
      const app = await home.startApp()
      const page = await popoverOf(app)
      await mountIn(page, photos)
      const file = await open(join(photos.mountPoint, 'open.txt'))

      await app.quit()
      const question = await app.dialog('message-box')
      expect(question.options).toMatchObject({
        message: 'Photos is in use',
        buttons: ['Cancel', 'Quit Anyway'],
      })
      question.answer({ response: 0 })
      await statusBecomes(page, photos, 'Mounted')
      expect(await file.readFile('utf8')).toBe('open')

      await app.quit()
      ;(await app.dialog('message-box')).answer({ response: 1 })
      await ends(app)
      await expect(file.close()).rejects.toThrow('ENOTCONN')
      expect(await home.volumes()).toEqual([])
    },
  )

  // Alone: the system gives it four seconds.
  test('when the system shuts down asks nobody, and loses nothing', async ({ expect }) => {
    await using home = await makeAppHome(browser())
    const photos = await home.makeDrive('Photos', { autoMount: true })
    const app = await appWithPending(home, photos)
    await app.power('shutdown')
    await ends(app)
    expect(await home.volumes()).toEqual([])

    await home.gate.open()
    const next = await home.startApp()
    await contentBecomes(join(photos.sourceDir, 'new.txt'), 'saved')
    await tooltipSays(next, 'Photos is mounted')
    await quits(next)
  })

  /** With a file that was saved to the volume and cannot be delivered before the gate is opened. */
  async function appWithPending(home: AppHome, drive: FolderDrive): Promise<RunningApp> {
    await home.writeSettings([drive])
    const app = await home.startApp()
    const page = await popoverOf(app)
    if (drive.settings.autoMount === true) await statusBecomes(page, drive, 'Mounted')
    else await mountIn(page, drive)
    await home.gate.close()
    await writeFile(join(drive.mountPoint, 'new.txt'), 'saved')
    await tooltipSays(app, '1 file on its way')
    return app
  }
})
