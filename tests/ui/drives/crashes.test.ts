import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { test } from 'vitest'

import { useChromium } from '../../harness/electron/use-chromium.ts'
import { isAlive } from '../../harness/command-home.ts'
import { needs } from '../../harness/needs.ts'
import { waitFor } from '../../harness/wait-for.ts'
import {
  contentBecomes,
  firstIsDelivered,
  makeAppHome,
  mountIn,
  popoverOf,
  quits,
  statusBecomes,
  tooltipSays,
  type AppHome,
} from './app-home.ts'

needs('chromium', 'davfs2')('a crash while a drive is mounted', () => {
  const browser = useChromium()

  test.concurrent(
    'of its front: the volume goes on, the drive says so, and is well again',
    async ({ expect }) => {
      await using home = await makeAppHome(browser())
      const photos = await home.makeDrive('Photos')
      await home.writeSettings([photos])
      const app = await home.startApp()
      const page = await popoverOf(app)
      await mountIn(page, photos)
      await writeFile(join(photos.mountPoint, 'before.txt'), 'before')
      await contentBecomes(join(photos.sourceDir, 'before.txt'), 'before')
      await firstIsDelivered(app, page, photos)

      // What was accepted and not delivered is what a crash could lose.
      await home.gate.close()
      await writeFile(join(photos.mountPoint, 'accepted.txt'), 'accepted')
      await tooltipSays(app, '1 file on its way')
      await home.gate.open()
      const first = await frontOf(home)
      // Held up until it has been seen that there is none.
      const frontPath = join(home.programDir, 'front.js')
      const program = await readFile(frontPath, 'utf8')
      await writeFile(frontPath, 'process.exit(3)\n')
      process.kill(first, 'SIGKILL')
      await statusBecomes(page, photos, 'Mounted, starting again')
      await expect.poll(() => app.desk.tray?.imagePath).toMatch(/errorTemplate\.png$/)
      expect(await home.volumes()).toEqual([photos.mountPoint])

      await writeFile(frontPath, program)
      await statusBecomes(page, photos, 'Mounted')
      expect(await frontOf(home)).not.toBe(first)
      await contentBecomes(join(photos.sourceDir, 'accepted.txt'), 'accepted')
      await writeFile(join(photos.mountPoint, 'after.txt'), 'after')
      await contentBecomes(join(photos.sourceDir, 'after.txt'), 'after')
      expect(await readFile(join(photos.mountPoint, 'before.txt'), 'utf8')).toBe('before')

      await page.getByRole('button', { name: 'Unmount Photos' }).click()
      await statusBecomes(page, photos, 'Not mounted')
    },
  )

  test.concurrent(
    'of the app: its next start gives the volume a front again, and delivers what was accepted',
    async ({ expect }) => {
      await using home = await makeAppHome(browser())
      const photos = await home.makeDrive('Photos')
      await home.writeSettings([photos])
      const app = await home.startApp()
      const before = await popoverOf(app)
      await mountIn(before, photos)
      await writeFile(join(photos.mountPoint, 'delivered.txt'), 'delivered')
      await contentBecomes(join(photos.sourceDir, 'delivered.txt'), 'delivered')
      await firstIsDelivered(app, before, photos)
      await home.gate.close()
      await writeFile(join(photos.mountPoint, 'accepted.txt'), 'accepted')
      await tooltipSays(app, '1 file on its way')

      const front = await frontOf(home)
      await app.process.kill()
      await waitFor(async () => !(await isAlive(front)), { what: 'its front to die with it' })
      expect(await home.volumes()).toEqual([photos.mountPoint])
      await home.gate.open()

      const next = await home.startApp()
      const page = await popoverOf(next)
      await statusBecomes(page, photos, 'Mounted')
      expect(await home.volumes()).toEqual([photos.mountPoint])
      expect(await readFile(join(photos.mountPoint, 'delivered.txt'), 'utf8')).toBe('delivered')
      await contentBecomes(join(photos.sourceDir, 'accepted.txt'), 'accepted')
      await writeFile(join(photos.mountPoint, 'after.txt'), 'after')
      await contentBecomes(join(photos.sourceDir, 'after.txt'), 'after')

      await quits(next)
      expect(await home.volumes()).toEqual([])
    },
  )

  test.concurrent(
    'of the app: a volume that it left can be taken away at its next start',
    async ({ expect }) => {
      await using home = await makeAppHome(browser())
      const photos = await home.makeDrive('Photos')
      await home.writeSettings([photos])
      const app = await home.startApp()
      await mountIn(await popoverOf(app), photos)
      await app.process.kill()

      const next = await home.startApp()
      const page = await popoverOf(next)
      // Whether it has its front by then or not.
      await page.getByRole('button', { name: 'Unmount Photos' }).click()
      await statusBecomes(page, photos, 'Not mounted')
      expect(await home.volumes()).toEqual([])
      await page.getByRole('button', { name: 'Mount Photos', exact: true }).waitFor()
    },
  )

  async function frontOf(home: AppHome): Promise<number> {
    const { pid } = await waitFor(
      async () => {
        const status = await home.command.status('Photos')
        return status.pid === undefined ? undefined : { pid: status.pid }
      },
      { what: 'the front to answer' },
    )
    return pid
  }
})
