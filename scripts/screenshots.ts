import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { setup } from '../tests/renderer/harness/build-renderer.ts'
import { startBrowser, type PopoverPage } from '../tests/renderer/harness/popover-page.ts'
import { scenes } from '../tests/renderer/scenes.ts'
import { findProgram } from './debian/find-program.ts'

/**
 * `npm run screenshots [-- --all] [--to <folder>] [scene …]`: pictures of the popover, light and dark, as high as each wants to be.
 * By itself only those that the documentation shows.
 */
const shown = ['onboarding', 'drives', 'activity', 'accounts', 'add-drive-file-system']

const { values, positionals } = parseArgs({
  options: { all: { type: 'boolean', default: false }, to: { type: 'string', default: 'docs/screenshots' } },
  allowPositionals: true,
})
const names = positionals.length > 0 ? positionals : shown
const executablePath = findProgram('chromium')
if (executablePath === undefined) throw new Error('chromium is not installed')
await mkdir(values.to, { recursive: true })
await setup()
await using browser = await startBrowser(executablePath)
for (const scene of scenes.filter(({ name }) => values.all || names.includes(name))) {
  for (const colorScheme of ['light', 'dark'] as const) {
    await using popover = await browser.openWith(scene.main(), {
      colorScheme,
      scale: 2,
      reducedMotion: 'reduce',
    })
    await scene.go(popover.page)
    await fitHeight(popover)
    const path = join(values.to, `${scene.name}-${colorScheme}.png`)
    await popover.page.screenshot({ path })
    console.log(path)
  }
}

/** As main does when the page says what it needs; but no higher than a screen. */
async function fitHeight({ page, main }: PopoverPage): Promise<void> {
  // Two frames, so that what was just opened is measured.
  await page.evaluate(
    'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))',
  )
  const wanted = main.commands['popover.resize'].calls.at(-1)?.height ?? 320
  await page.setViewportSize({ width: 360, height: Math.min(900, wanted) })
}
