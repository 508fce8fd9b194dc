import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { test } from 'vitest'

import { type RunningApp } from '../../harness/electron/start-app.ts'
import { useChromium } from '../../harness/electron/use-chromium.ts'
import { needs } from '../../harness/needs.ts'
import { runProgram } from '../../harness/run-program.ts'
import { waitFor } from '../../harness/wait-for.ts'
import {
  contentBecomes,
  makeAppHome,
  mountIn,
  popoverOf,
  quits,
  rowOf,
  statusBecomes,
  tooltipSays,
} from './app-home.ts'

needs('chromium', 'davfs2')('a volume that others see and handle too', () => {
  const browser = useChromium()

  test.concurrent('is not mounted again behind the back of whoever has ejected it', async ({ expect }) => {
    await using home = await makeAppHome(browser())
    const photos = await home.makeDrive('Photos', { autoMount: true })
    const later = await home.makeDrive('Later')
    await home.writeSettings([photos])
    const app = await home.startApp()
    const page = await popoverOf(app)
    await statusBecomes(page, photos, 'Mounted')
    await writeFile(join(photos.mountPoint, 'kept.txt'), 'kept')

    await runProgram('umount', [photos.mountPoint])
    await statusBecomes(page, photos, 'Not mounted')
    await contentBecomes(join(photos.sourceDir, 'kept.txt'), 'kept')
    await expect.poll(() => app.desk.powerSaveBlockers).toEqual([])

    for (const event of ['suspend', 'resume', 'unlock-screen'] as const) await app.power(event)
    // Two looks at everything, after it has woken up: each new drive is seen by one.
    await home.writeSettings([photos, later])
    await rowOf(page, later).waitFor()
    await home.writeSettings([photos])
    await rowOf(page, later).waitFor({ state: 'detached' })
    await statusBecomes(page, photos, 'Not mounted')
    expect(await home.volumes()).toEqual([])
    expect(app.desk.notifications).toEqual([])

    await mountIn(page, photos)
    expect(await home.volumes()).toEqual([photos.mountPoint])
    await quits(app)
  })

  test.concurrent('of the command shows in the app, and goes by its button', async ({ expect }) => {
    await using home = await makeAppHome(browser())
    const photos = await home.makeDrive('Photos')
    await home.writeSettings([photos])
    const app = await home.startApp()
    const page = await popoverOf(app)
    await statusBecomes(page, photos, 'Not mounted')

    expect(await home.command.run('mount', 'Photos')).toMatchObject({ status: 0 })
    await statusBecomes(page, photos, 'Mounted')
    await tooltipSays(app, 'Photos is mounted')
    await home.gate.close()
    await writeFile(join(photos.mountPoint, 'by the command.txt'), 'hello')
    await tooltipSays(app, '1 file on its way')
    await home.gate.open()

    await page.getByRole('button', { name: 'Unmount Photos' }).click()
    await statusBecomes(page, photos, 'Not mounted')
    expect(await home.volumes()).toEqual([])
    await contentBecomes(join(photos.sourceDir, 'by the command.txt'), 'hello')
    await expect.poll(() => home.command.keepers()).toEqual([])
  })

  test.concurrent('of the command stays when the app quits', async ({ expect }) => {
    await using home = await makeAppHome(browser())
    const photos = await home.makeDrive('Photos')
    await home.writeSettings([photos])
    expect(await home.command.run('mount', 'Photos')).toMatchObject({ status: 0 })
    const app = await home.startApp()
    await statusBecomes(await popoverOf(app), photos, 'Mounted')
    await quits(app)
    expect(await home.command.status('Photos')).toMatchObject({ mounted: true, front: 'answers' })
    expect(await home.command.run('unmount', 'Photos')).toMatchObject({ status: 0 })
  })

  test.concurrent('of the app is known to the command, which unmounts it', async ({ expect }) => {
    await using home = await makeAppHome(browser())
    const photos = await home.makeDrive('Photos')
    await home.writeSettings([photos])
    const app = await home.startApp()
    const page = await popoverOf(app)
    await mountIn(page, photos)
    expect(await home.command.status('Photos')).toMatchObject({ mounted: true, front: 'answers' })
    const again = await home.command.run('mount', 'Photos')
    expect(again.stdout + again.stderr).toContain(photos.mountPoint)

    await writeFile(join(photos.mountPoint, 'by the app.txt'), 'hello')
    expect(await home.command.run('unmount', 'Photos')).toMatchObject({ status: 0 })
    await contentBecomes(join(photos.sourceDir, 'by the app.txt'), 'hello')
    await statusBecomes(page, photos, 'Not mounted')
    await expect.poll(() => app.desk.powerSaveBlockers).toEqual([])
    await mountIn(page, photos)
    await quits(app)
  })

  test.concurrent('comes and goes by the menu of the icon, and by links', async ({ expect }) => {
    await using home = await makeAppHome(browser())
    const photos = await home.makeDrive('Photos')
    const music = await home.makeDrive('Music & more')
    await home.writeSettings([photos, music])
    const app = await home.startApp()
    await tooltipSays(app, 'nothing is mounted')
    const both = [music.mountPoint, photos.mountPoint]

    await choose(app, 'Photos (not mounted)', 'Mount')
    await expect.poll(() => home.volumes()).toEqual([photos.mountPoint])
    await tooltipSays(app, 'Photos is mounted')
    await expect(choose(app, 'Photos (mounted)', 'Mount')).rejects.toThrow('greyed out')
    await app.closeMenu()
    await choose(app, 'Photos (mounted)', 'Reveal in Finder')
    await expect.poll(() => home.shown()).toEqual([photos.mountPoint])
    await choose(app, 'Mount All')
    await expect.poll(async () => (await home.volumes()).toSorted()).toEqual(both)
    await tooltipSays(app, '2 drives are mounted')
    await choose(app, 'Music & more (mounted)', 'Unmount')
    await expect.poll(() => home.volumes()).toEqual([photos.mountPoint])
    await menuSays(app, 'Music & more (not mounted)')

    await app.openUrl('mountbar://mount/Music%20%26%20more')
    await expect.poll(async () => (await home.volumes()).toSorted()).toEqual(both)
    await tooltipSays(app, '2 drives are mounted')
    await app.openUrl('mountbar://reveal/Music%20%26%20more')
    await expect.poll(() => home.shown()).toEqual([photos.mountPoint, music.mountPoint])
    // One that is mounted already is shown to whoever wants it.
    await app.openUrl('mountbar://mount/photos')
    await expect.poll(() => home.shown()).toEqual([photos.mountPoint, music.mountPoint, photos.mountPoint])
    await app.openUrl('mountbar://unmount/Photos')
    await choose(app, 'Photos (mounted)', 'Unmount')
    await choose(app, 'Music & more (mounted)', 'Unmount')
    await expect.poll(() => home.volumes()).toEqual([])
    await menuSays(app, 'Photos (not mounted)')
    await app.openUrl('mountbar://reveal/Photos')
    await statusBecomes(await app.page(), photos, 'Not mounted')
    expect(await home.shown()).toHaveLength(3)
  })

  test.concurrent(
    'goes on through a sleep of the machine, which naps only while nothing is mounted',
    async ({ expect }) => {
      await using home = await makeAppHome(browser())
      const photos = await home.makeDrive('Photos')
      await home.writeSettings([photos])
      const app = await home.startApp()
      const page = await popoverOf(app)
      expect(app.desk.powerSaveBlockers).toEqual([])
      await mountIn(page, photos)
      await expect.poll(() => app.desk.powerSaveBlockers).toMatchObject([{ type: 'prevent-app-suspension' }])

      await home.gate.close()
      await writeFile(join(photos.mountPoint, 'asleep.txt'), 'zzz')
      await tooltipSays(app, '1 file on its way')
      for (const event of ['lock-screen', 'suspend'] as const) await app.power(event)
      await home.gate.open()
      for (const event of ['resume', 'unlock-screen'] as const) await app.power(event)
      await contentBecomes(join(photos.sourceDir, 'asleep.txt'), 'zzz')
      await statusBecomes(page, photos, 'Mounted')
      expect(app.desk.powerSaveBlockers).toHaveLength(1)
      await writeFile(join(photos.mountPoint, 'awake.txt'), 'hello')
      await contentBecomes(join(photos.sourceDir, 'awake.txt'), 'hello')

      await page.getByRole('button', { name: 'Unmount Photos' }).click()
      await statusBecomes(page, photos, 'Not mounted')
      await expect.poll(() => app.desk.powerSaveBlockers).toEqual([])
    },
  )

  async function choose(app: RunningApp, ...labels: readonly string[]): Promise<void> {
    await app.clickTray('right-click')
    await app.chooseMenuItem(...labels)
  }

  /** Looked at again and again: a menu that is open stays as it is. */
  async function menuSays(app: RunningApp, label: string): Promise<void> {
    const says = async (): Promise<boolean> => {
      await app.clickTray('right-click')
      const isThere = app.desk.openMenu?.some((item) => item.label === label) === true
      await app.closeMenu()
      return isThere
    }
    await waitFor(says, { what: `the menu to say "${label}"`, limitMs: 40_000 })
  }
})
