import { expect, test } from 'vitest'

import { windowMessageFor } from '../../../src-main/shared/app/window-messages.ts'
import { errorCodes } from '../../../src-main/shared/errors.ts'
import { messageFor, messages } from '../../../src-main/shared/messages.ts'

test.each(errorCodes)('%s sends nobody who has a window to a command line of Mountbar', (code) => {
  const args = Object.fromEntries(messages[code].args.map((name) => [name, `the-${name}`]))
  const texts = [{}, args].flatMap((given) => {
    const { title, text, fix = '' } = windowMessageFor({ code, args: given })
    return [title, text, fix]
  })
  expect(texts.filter((text) => /`mountbar|(^|[\s(])--(?!rootful)[a-z]/.test(text))).toEqual([])
})

test('what happened is said in the same words as on a command line, and so is a way out that is the same', () => {
  const error = { code: 'unmount-busy', args: { name: 'Photos' } } as const
  const { title, text } = messageFor(error)
  expect(windowMessageFor(error)).toMatchObject({ title, text })
  const elsewhere = { code: 'engine-not-running', args: {} } as const
  expect(windowMessageFor(elsewhere)).toEqual(messageFor(elsewhere))
})

test('a full disk and a full queue have different ways out', () => {
  const fixes = [{}, { maxBytes: 1 }].map((args) => windowMessageFor({ code: 'no-space', args }).fix)
  expect(fixes[0]).toContain('disk')
  expect(fixes[1]).toContain('Activity')
})
