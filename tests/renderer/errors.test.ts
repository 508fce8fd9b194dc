import { describe, expect, test } from 'vitest'

import { windowMessageFor } from '../../src-main/shared/app/window-messages.ts'
import { snapshotOf } from '../fixtures/snapshots.ts'
import { errorPages } from './error-pages.ts'
import { describePopover } from './harness/describe-popover.ts'
import { button, row } from './harness/named.ts'

// Their contrast and their size are looked at in accessibility.test.ts, as those of all scenes are.
describePopover('what is shown of every error', (popover) => {
  describe.each(errorPages)('$codes', ({ drives, errors }) => {
    test('what happened, what to do, and a button', async () => {
      await using opened = await popover.open(snapshotOf({ drives }))
      for (const error of errors) {
        const drive = row(opened.page, error.code)
        const shown = plain(await drive.innerText())
        const { title, text, fix = '' } = windowMessageFor(error)
        for (const part of [title, text, fix]) expect(shown).toContain(plain(part))
        expect(await button(drive, 'Try again').count()).toBe(1)
      }
      const isWide = await opened.page.evaluate(() => document.querySelector('main')!.scrollWidth > 360)
      expect(isWide).toBe(false)
    })
  })
})

/** Without what only tells code from prose, and however it was broken into lines. */
function plain(text: string): string {
  return text.replaceAll('`', '').replaceAll(/\s+/g, ' ').trim()
}
