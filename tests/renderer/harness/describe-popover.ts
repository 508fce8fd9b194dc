import { afterAll, beforeAll } from 'vitest'

import { needs, programOf } from '../../harness/needs.ts'
import { startBrowser, type PopoverBrowser } from './popover-page.ts'

/** A suite with one browser for all of its tests, each of which opens pages of its own in it. */
export function describePopover(
  title: string,
  body: (popover: Pick<PopoverBrowser, 'open' | 'openWith'>) => void,
): void {
  needs('chromium')(title, () => {
    let browser: PopoverBrowser | undefined
    beforeAll(async () => {
      browser = await startBrowser(programOf('chromium'))
    })
    afterAll(() => browser?.[Symbol.asyncDispose]())
    body({
      open: (...args) => browser!.open(...args),
      openWith: (...args) => browser!.openWith(...args),
    })
  })
}
