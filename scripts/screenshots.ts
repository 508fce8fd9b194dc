import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { setup } from '../tests/renderer/harness/build-renderer.ts'
import { settled } from '../tests/renderer/harness/frames.ts'
import { startBrowser, type Look, type PopoverPage } from '../tests/renderer/harness/popover-page.ts'
import { scenes } from '../tests/renderer/scenes.ts'
import { findProgram } from './debian/find-program.ts'

/**
 * `npm run screenshots [-- --all] [--to <folder>] [scene …]`: pictures of the popover in every view and state, as high as each wants to be.
 * In the dark only the main views; with `--all` everything both ways, and the pages with every error too.
 */
const main = [
  'onboarding',
  'drives',
  'drives-trouble',
  'activity',
  'accounts',
  'settings-general',
  'add-drive-file-system',
  'stack-planned',
  'stack-deploying',
]
const looks: Readonly<Record<string, Look>> = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  contrast: { colorScheme: 'light', contrast: 'more' },
  'forced-colors': { colorScheme: 'dark', forcedColors: 'active' },
}

const { values, positionals } = parseArgs({
  options: { all: { type: 'boolean', default: false }, to: { type: 'string', default: 'docs/screenshots' } },
  allowPositionals: true,
})
const executablePath = findProgram('chromium')
if (executablePath === undefined) throw new Error('chromium is not installed')
await mkdir(values.to, { recursive: true })
await setup()
await using browser = await startBrowser(executablePath)
for (const scene of scenes.filter(({ name }) => isWanted(name))) {
  for (const look of looksOf(scene.name)) {
    await using popover = await browser.openWith(scene.main(), {
      ...looks[look],
      scale: 2,
      reducedMotion: 'reduce',
    })
    await scene.go(popover.page)
    await fitHeight(popover)
    const path = join(values.to, `${scene.name}-${look}.png`)
    await popover.page.screenshot({ path })
    console.log(path)
  }
}

function isWanted(name: string): boolean {
  if (positionals.length > 0) return positionals.includes(name)
  return values.all || !name.startsWith('errors-')
}

function looksOf(name: string): readonly string[] {
  if (name === 'drives') return Object.keys(looks)
  return values.all || main.includes(name) ? ['light', 'dark'] : ['light']
}

/** As main does when the page says what it needs; but no higher than a screen. */
async function fitHeight({ page, main }: PopoverPage): Promise<void> {
  await settled(page)
  const wanted = main.commands['popover.resize'].calls.at(-1)?.height ?? 320
  await page.setViewportSize({ width: 360, height: Math.min(900, wanted) })
}
