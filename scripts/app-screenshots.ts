import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import type { Browser, Page } from 'playwright-core'

import { startApp, startChromium } from '../tests/harness/electron/start-app.ts'
import { runProgram } from '../tests/harness/run-program.ts'
import { waitFor } from '../tests/harness/wait-for.ts'
import { trayStates, type TrayState } from '../src-main/core/tray-model.ts'

/**
 * `npm run screenshots:app [-- --to <folder>]`: the icon in all its shapes, and the built app with a mounted Sandbox, on the tests' stand-in for Electron. Takes as
 * long as a file takes to a bucket, because the numbers in the pictures are real ones.
 */
const meanings: Readonly<Record<TrayState, string>> = {
  idle: 'nothing mounted',
  mounted: 'mounted',
  working: 'on its way',
  attention: 'look here',
  error: 'not working',
}
/** After the quiet minute of S3 Files. */
const inBucketLimitMs = 90_000

const { values } = parseArgs({ options: { to: { type: 'string', default: 'docs/screenshots' } } })
const toDir = values.to
await mkdir(toDir, { recursive: true })
const browser = await startChromium()
try {
  await takeTray(browser)
  await takeApp(browser)
} finally {
  await browser.close()
}

async function takeTray(chromium: Browser): Promise<void> {
  const context = await chromium.newContext({ deviceScaleFactor: 2 })
  const page = await context.newPage()
  const icons = await Promise.all(trayStates.map((state) => iconOf(state)))
  const cells = icons.map(
    (icon, at) => `<figure><img src="${icon}"><figcaption>${meanings[trayStates[at]!]}</figcaption></figure>`,
  )
  await page.setContent(
    `<style>
      body { margin: 0; font: 11px system-ui, sans-serif }
      main { width: max-content }
      div { display: flex; gap: 4px; padding: 6px 10px; background: #ececec; color: #222 }
      div + div { background: #2a2a2c; color: #eee }
      div + div img { filter: invert(1) }
      figure { margin: 0; width: 96px; text-align: center }
      img { display: block; height: 22px; margin: 2px auto 4px }
    </style><main><div>${cells.join('')}</div><div>${cells.join('')}</div></main>`,
    { waitUntil: 'load' },
  )
  await take(page, 'tray', 'main')
  await context.close()
}

async function iconOf(state: TrayState): Promise<string> {
  const bytes = await readFile(join(import.meta.dirname, `../resources/icons/${state}Template@2x.png`))
  return `data:image/png;base64,${bytes.toString('base64')}`
}

async function takeApp(chromium: Browser): Promise<void> {
  // It shows in the pictures.
  const homeDir = join(tmpdir(), 'Mountbar')
  await mkdir(homeDir)
  try {
    await using app = await startApp({
      homeDir,
      browser: chromium,
      env: { MOUNTBAR_HOME: homeDir, XDG_CONFIG_HOME: undefined },
      look: { deviceScaleFactor: 2 },
    })
    const page = await app.page()
    await page.getByRole('button', { name: 'Mount the Sandbox' }).click()
    await page.getByRole('button', { name: 'Unmount Sandbox' }).waitFor({ timeout: 60_000 })
    const volume = join(homeDir, 'Volumes.noindex/Sandbox')
    await writeFile(join(volume, 'Invoice 2214.pdf'), Buffer.alloc(180_000, 'invoice '))
    await writeFile(join(volume, 'Notes.md'), '# Notes\n')
    const says = async (text: string): Promise<boolean> =>
      (await page.textContent('li.drive'))?.includes(text) === true
    // Somebody looks at them meanwhile, so that there is a latency to show.
    const isInBucket = async (): Promise<boolean> => {
      const entries = await readdir(volume, { withFileTypes: true })
      for (const { name } of entries.filter((entry) => entry.isFile())) await readFile(join(volume, name))
      return await says('all in S3')
    }
    await waitFor(isInBucket, { what: 'the files in the bucket', limitMs: inBucketLimitMs, everyMs: 1_000 })
    await writeFile(join(volume, 'Contract.pages'), Buffer.alloc(420_000, 'contract '))
    await waitFor(() => says('1 file on its way'), { what: 'another one on its way', limitMs: 30_000 })

    const [window] = app.desk.windows
    await page.setViewportSize({ width: 360, height: window?.bounds.height ?? 400 })
    for (const look of ['light', 'dark'] as const) {
      await app.setDark(look === 'dark')
      await take(page, `app-${look}`)
    }
    await app.setDark(false)
    await page.getByRole('button', { name: /^Activity/ }).click()
    await page.getByText('Contract.pages').first().waitFor()
    await waitFor(() => (app.desk.windows[0]?.bounds.height ?? 0) !== window?.bounds.height, {
      what: 'the popover to fit',
    }).catch(() => undefined)
    await take(page, 'app-activity-light')

    await page
      .getByRole('navigation', { name: 'Views' })
      .getByRole('button', { name: /^Drives/ })
      .click()
    await page.getByRole('button', { name: 'Unmount Sandbox' }).click()
    await page.getByRole('button', { name: 'Mount Sandbox', exact: true }).waitFor({ timeout: 60_000 })
    await app.quit()
    await app.process.exited
  } finally {
    // Where something went wrong it is still there.
    await runProgram('umount', ['-i', '-l', join(homeDir, 'Volumes.noindex/Sandbox')]).catch(() => undefined)
    await rm(homeDir, { recursive: true, force: true })
  }
}

async function take(page: Page, name: string, selector?: string): Promise<void> {
  const path = join(toDir, `${name}.png`)
  if (selector === undefined) await page.screenshot({ path })
  else await page.locator(selector).screenshot({ path })
  console.log(path)
}
