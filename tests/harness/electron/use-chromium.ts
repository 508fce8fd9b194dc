import type { Browser } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'

import { startChromium } from './start-app.ts'

/** One Chromium for the suite that calls this, from its first test to its last. @returns what gives it to a test. */
export function useChromium(): () => Browser {
  let browser: Browser | undefined
  beforeAll(async () => {
    browser = await startChromium()
  })
  afterAll(async () => {
    await browser?.close()
  })
  return () => {
    if (browser === undefined) throw new Error('Chromium is there while tests run, not before')
    return browser
  }
}
