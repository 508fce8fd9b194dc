import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { test } from 'vitest'

import { useChromium } from '../../harness/electron/use-chromium.ts'
import { needs } from '../../harness/needs.ts'
import {
  makeAppHome,
  mountIn,
  popoverOf,
  quits,
  rowOf,
  showDrives,
  statusBecomes,
  tooltipSays,
} from './app-home.ts'

needs('chromium', 'davfs2')('a drive that mounts by itself', () => {
  const browser = useChromium()

  test.concurrent(
    'is there when the app has started, without a window; the others are not',
    async ({ expect }) => {
      await using home = await makeAppHome(browser())
      const photos = await home.makeDrive('Photos', { autoMount: true })
      const music = await home.makeDrive('Music')
      await home.writeSettings([photos, music])
      const app = await home.startApp({ machine: { wasOpenedAtLogin: true } })
      await tooltipSays(app, 'Photos is mounted')
      expect(await home.volumes()).toEqual([photos.mountPoint])
      await expect.poll(() => app.desk.tray?.imagePath).toMatch(/mountedTemplate\.png$/)
      expect(app.desk.windows.filter(({ isVisible }) => isVisible)).toEqual([])
      expect(app.desk.notifications).toEqual([])
      await statusBecomes(await popoverOf(app), music, 'Not mounted')
      await quits(app)
    },
  )

  test.concurrent(
    'and whose folder is gone says so beside the others, with the way to mend it',
    async ({ expect }) => {
      await using home = await makeAppHome(browser())
      const photos = await home.makeDrive('Photos', { autoMount: true })
      const lost = await home.makeDrive('Lost', { autoMount: true })
      await rm(lost.sourceDir, { recursive: true })
      await home.writeSettings([lost, photos])
      const app = await home.startApp()
      const page = await popoverOf(app)
      await statusBecomes(page, photos, 'Mounted')
      await statusBecomes(page, lost, 'Could not be mounted')
      const row = rowOf(page, lost)
      await expect.poll(() => row.textContent()).toContain('The folder is gone')
      expect(await row.textContent()).toContain(lost.sourceDir)
      await expect.poll(() => app.desk.tray?.imagePath).toMatch(/errorTemplate\.png$/)
      await tooltipSays(app, 'Lost: not working')

      await row.getByRole('button', { name: 'Edit drive' }).click()
      await page.getByRole('form', { name: 'Settings of Lost' }).waitFor()
      await showDrives(page)
      await mkdir(lost.sourceDir)
      await mountIn(page, lost)
      await expect.poll(() => app.desk.tray?.imagePath).toMatch(/mountedTemplate\.png$/)
      await quits(app)
    },
  )

  test.concurrent(
    'and whose mount point is in use mounts elsewhere once a person has said where',
    async ({ expect }) => {
      await using home = await makeAppHome(browser())
      const mountPoint = join(home.dir, 'place')
      await mkdir(mountPoint)
      await writeFile(join(mountPoint, 'not yours.txt'), 'not yours')
      const photos = await home.makeDrive('Photos', { autoMount: true, mountPoint })
      await home.writeSettings([photos])
      const app = await home.startApp()
      const page = await popoverOf(app)
      await statusBecomes(page, photos, 'Could not be mounted')
      await rowOf(page, photos).getByRole('button', { name: 'Edit drive' }).click()
      const elsewhere = join(home.dir, 'elsewhere')
      await mkdir(elsewhere)
      await page.getByRole('textbox', { name: 'Mount point' }).fill(elsewhere)
      await page.getByRole('button', { name: 'Save' }).click()
      // Before it is saved, a mount would be of what was before.
      await page.getByRole('form', { name: 'Settings of Photos' }).waitFor({ state: 'detached' })
      await showDrives(page)
      await mountIn(page, photos)
      expect(await home.volumes()).toEqual([elsewhere])
      expect(await readFile(join(mountPoint, 'not yours.txt'), 'utf8')).toBe('not yours')
      await quits(app)
    },
  )

  test.concurrent(
    'and fails for a reason that has passed is tried again by its button',
    async ({ expect }) => {
      await using home = await makeAppHome(browser())
      const photos = await home.makeDrive('Photos', { autoMount: true })
      await home.writeSettings([photos])
      const frontPath = join(home.programDir, 'front.js')
      const program = await readFile(frontPath, 'utf8')
      const triesPath = join(home.dir, 'tries')
      await writeFile(frontPath, brokenProgram(triesPath))
      const app = await home.startApp()
      const page = await popoverOf(app)
      await statusBecomes(page, photos, 'Could not be mounted')
      const retry = rowOf(page, photos).getByRole('button', { name: 'Try again' })
      const triedAtFirst = await countLines(triesPath)
      await retry.click()
      // What is said before it is tried again is still about the last time.
      await expect.poll(() => countLines(triesPath)).toBeGreaterThan(triedAtFirst)
      await retry.and(page.locator(':not([aria-disabled])')).waitFor()
      await statusBecomes(page, photos, 'Could not be mounted')
      expect(await home.volumes()).toEqual([])

      await writeFile(frontPath, program)
      await retry.click()
      await statusBecomes(page, photos, 'Mounted')
      expect(await rowOf(page, photos).getByRole('alert').count()).toBe(0)
      await quits(app)
    },
  )
})

/** A front that says why it ends before it is ready, and leaves a line at `triesPath` each time. */
function brokenProgram(triesPath: string): string {
  return [
    "import { appendFileSync } from 'node:fs'",
    `appendFileSync(${JSON.stringify(triesPath)}, 'tried\\n')`,
    "console.error('as if it were broken')",
    'process.exit(3)',
  ].join('\n')
}

async function countLines(path: string): Promise<number> {
  return (await readFile(path, 'utf8')).split('\n').length - 1
}
