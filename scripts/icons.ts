import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { chromium, type Browser } from 'playwright-core'

import { trayStates } from '../src-main/core/tray-model.ts'
import { findProgram } from './debian/find-program.ts'

/**
 * `npm run icons`: pictures of the drawings in `resources/icons`. Those of the menu bar in two sizes, by the names under which Electron finds
 * them: `Template` says that the system gives them their colour, `@2x` that they are for sharp displays.
 */
const iconsDir = join(import.meta.dirname, '../resources/icons')
const trayPx = 18
const appPx = 1_024

const executablePath = findProgram('chromium')
if (executablePath === undefined) throw new Error('chromium is not installed')
await using browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
for (const state of trayStates) {
  await draw(browser, `${state}Template.svg`, `${state}Template.png`, trayPx, 1)
  await draw(browser, `${state}Template.svg`, `${state}Template@2x.png`, trayPx, 2)
}
await draw(browser, 'app.svg', 'app.png', appPx, 1)

async function draw(
  browser: Browser,
  drawing: string,
  picture: string,
  sizePx: number,
  scale: number,
): Promise<void> {
  const svg = await readFile(join(iconsDir, drawing), 'utf8')
  await using context = await browser.newContext({
    viewport: { width: sizePx, height: sizePx },
    deviceScaleFactor: scale,
  })
  const page = await context.newPage()
  await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${svg}`)
  await writeFile(join(iconsDir, picture), await page.screenshot({ omitBackground: true }))
  console.log(picture)
}
