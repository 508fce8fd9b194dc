import { expect, test } from 'vitest'

import { parseOptions } from '../../../../bench/gestures/options.ts'

test.each([
  [['--quick', '--json'], { kind: 'last-line' }],
  [['--json', '--quick'], { kind: 'last-line' }],
  [['--json', 'out.json', '--quick'], { kind: 'file', path: 'out.json' }],
  [['--quick'], undefined],
])('%j sends its JSON where it says', (args, json) => {
  const options = parseOptions(args)
  expect(options?.json).toEqual(json)
  expect(options?.servers).toEqual(['mountbar'])
})

test('without --quick all servers are measured', () => {
  expect(parseOptions([])?.servers).toEqual(['mountbar', 'mountbar-delayfs', 'rclone', 'apache', 'nginx'])
})

test('--only takes every gesture that is named like it', () => {
  const ids = parseOptions(['--only', 'read-4k', '--only', 'rename'])?.gestures.map(({ id }) => id)
  expect(ids).toEqual(['read-4k', 'read-4k-again', 'rename'])
})

test.each([[['--only', 'fly']], [['--pending', 'many']], [['--rounds', '0']], [['--fast']]])(
  '%j is refused with a sentence',
  (args) => {
    expect(() => parseOptions(args)).toThrow(/fly|many|0|fast/)
  },
)
