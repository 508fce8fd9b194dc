import { join } from 'node:path'

import { chromium, type Browser, type Page } from 'playwright-core'

import type { Snapshot } from '../../../src-main/shared/app/snapshot.ts'
import { fakeMountbarBridge, type FakeMountbarBridge } from '../../fakes/fake-mountbar-bridge.ts'
import { serveFolder } from '../../harness/static-server.ts'
import { connectBridge } from './connect-bridge.ts'

export const rendererDir = join(import.meta.dirname, '../../../out/renderer')

/** All that a test may want to be different about the system. */
export interface Look {
  readonly colorScheme?: 'light' | 'dark'
  readonly contrast?: 'more'
  readonly forcedColors?: 'active'
  readonly reducedMotion?: 'reduce'
  /** Of the window; the popover itself wants to be as high as its content. */
  readonly height?: number
  readonly scale?: number
}

export interface PopoverPage extends AsyncDisposable {
  readonly page: Page
  readonly main: FakeMountbarBridge
  /** What the page did that it must not: errors, and what its Content Security Policy stopped. Disposing throws when there is any. */
  readonly offences: string[]
}

export interface PopoverBrowser extends AsyncDisposable {
  /** A popover as wide as the real one, with a main process that knows `snapshot`. */
  open(snapshot: Snapshot, look?: Look): Promise<PopoverPage>
  /** The same with a main process that was prepared before the page asks it for the first time. */
  openWith(main: FakeMountbarBridge, look?: Look): Promise<PopoverPage>
}

/** The built page in a real Chromium. Dispose of it at the end of the suite. */
export async function startBrowser(executablePath: string): Promise<PopoverBrowser> {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  const server = await serveFolder(rendererDir)
  const openWith = (main: FakeMountbarBridge, look: Look = {}): Promise<PopoverPage> =>
    openPage(browser, `${server.url}/index.html`, main, look)
  return {
    openWith,
    open: (snapshot, look) => openWith(fakeMountbarBridge(snapshot), look),
    [Symbol.asyncDispose]: async () => {
      await browser.close()
      await server[Symbol.asyncDispose]()
    },
  }
}

async function openPage(
  browser: Browser,
  url: string,
  main: FakeMountbarBridge,
  look: Look,
): Promise<PopoverPage> {
  const { height = 640, scale = 1, colorScheme = 'light', contrast, forcedColors, reducedMotion } = look
  const context = await browser.newContext({
    viewport: { width: 360, height },
    deviceScaleFactor: scale,
    colorScheme,
    contrast: contrast ?? null,
    forcedColors: forcedColors ?? null,
    reducedMotion: reducedMotion ?? null,
  })
  const page = await context.newPage()
  const offences: string[] = []
  page.on('pageerror', (error) => offences.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') offences.push(message.text())
  })
  page.on('requestfailed', (request) => offences.push(`not loaded: ${request.url()}`))
  // Browsers ask for one; Electron does not.
  await page.route('**/favicon.ico', (route) => route.fulfill({ status: 204 }))
  await connectBridge(page, main, offences)
  await page.goto(url)
  return {
    page,
    main,
    offences,
    [Symbol.asyncDispose]: async () => {
      await context.close()
      if (offences.length > 0) throw new Error(`the page offended:\n${offences.join('\n')}`)
    },
  }
}
