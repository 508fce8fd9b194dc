import { describe, expect, test } from 'vitest'

import { errorCodes } from '../../../src-main/shared/errors.ts'
import type { ErrorArgs } from '../../../src-main/shared/errors.ts'
import { messageFor, messages } from '../../../src-main/shared/messages.ts'

const numbers: ErrorArgs = { maxBytes: 300, timeoutMs: 2_500, port: 4711, exitCode: 19, version: 7 }

/** Each documented arg with a value that can be found again in a text. */
function documentedArgs(names: readonly string[]): ErrorArgs {
  return Object.fromEntries(names.map((name) => [name, numbers[name] ?? `the-${name}`]))
}

function allOf(message: { title: string; text: string; fix?: string }): string {
  return [message.title, message.text, message.fix ?? ''].join('\n')
}

describe.each(errorCodes)('%s', (code) => {
  const { args } = messages[code]

  test.each([
    ['with its args', documentedArgs(args)],
    ['without any args', {}],
  ])('reads as whole sentences %s', (_case, given) => {
    const message = messageFor({ code, args: given })
    expect(allOf(message)).not.toMatch(/undefined|NaN|null|\[object/)
    expect(allOf(message)).not.toMatch(/ {2}|“”|!/)
    expect(message.title).not.toMatch(/\.$/)
    expect(message.text).toMatch(/^[A-Z“].*\.$/)
    expect(message.fix ?? 'Nothing.').toMatch(/^[A-Z].*\.$/)
  })

  test.each(args.map((name) => [name]))('makes use of its arg %s', (name) => {
    const bare = allOf(messageFor({ code, args: {} }))
    expect(allOf(messageFor({ code, args: documentedArgs([name]) }))).not.toBe(bare)
  })
})

test('every failure but a cancellation has a way out', () => {
  const without = errorCodes.filter((code) => messages[code].fix === undefined)
  expect(without).toEqual(['cancelled'])
})

test('a path, a port and a limit appear in the text as they are', () => {
  expect(messageFor({ code: 'mount-point-not-empty', args: { path: '/tmp/a b' } }).text).toContain(
    '“/tmp/a b”',
  )
  expect(messageFor({ code: 'port-taken', args: { port: 4711 } }).text).toContain('port 4711')
  expect(messageFor({ code: 'mount-timeout', args: { timeoutMs: 100_000 } }).text).toContain('100 seconds')
})

test('no room says whether the disk is full or the saves have all that they may have', () => {
  const texts = [{}, { maxBytes: 20 * 1024 ** 3 }, { reserveBytes: 5 * 1024 ** 3 }].map((args) =>
    allOf(messageFor({ code: 'no-space', args })),
  )
  expect(texts[0]).toContain('not enough free space')
  expect(texts[1]).toMatch(/Saves .* take up the 20 GiB .*Wait/s)
  expect(texts[2]).toMatch(/The disk .* full but for the 5 GiB .*Make room/s)
})

test('a reason that ends with a full stop does not end with two', () => {
  const { text } = messageFor({ code: 'mount-refused', args: { path: '/x', reason: 'no such device.' } })
  expect(text).toBe('The system refused to mount the volume at “/x”: no such device.')
})

test('an unknown drive is answered with the one that was probably meant', () => {
  const { text } = messageFor({ code: 'drive-unknown', args: { name: 'Sanbox', suggestion: 'Sandbox' } })
  expect(text).toContain('“Sandbox”')
})
