import { describe, expect, test } from 'vitest'

import { windowMessageFor } from '../../src-main/shared/app/window-messages.ts'
import { errorCodes } from '../../src-main/shared/errors.ts'
import { messages } from '../../src-main/shared/messages.ts'
import { driveOf, snapshotOf } from '../fixtures/snapshots.ts'
import { describePopover } from './harness/describe-popover.ts'
import { button, row } from './harness/named.ts'

/** A dozen to a page: each is read all the same. */
const groups = Array.from({ length: Math.ceil(errorCodes.length / 12) }, (_, index) =>
  errorCodes.slice(index * 12, index * 12 + 12),
)

describePopover('what is shown of every error', (popover) => {
  describe.each(groups.map((codes) => ({ codes })))('$codes', ({ codes }) => {
    test('what happened, what to do, and a button', async () => {
      const errors = codes.map((code) => ({
        code,
        // As long as a path can be that has nowhere to break.
        args: Object.fromEntries(messages[code].args.map((name) => [name, `/${'long-name'.repeat(9)}`])),
      }))
      const drives = errors.map((error) =>
        driveOf({ id: error.code, name: error.code, state: { kind: 'failed', error } }),
      )
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
