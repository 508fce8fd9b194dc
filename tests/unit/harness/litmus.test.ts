import { expect, test } from 'vitest'

import { parseLitmus } from '../../harness/litmus.ts'

/** As litmus 0.13 prints it: each line is begun twice, the second time over the first. */
function printed(...lines: readonly string[]): string {
  return `-> running \`locks':\n${lines.join('\n')}\n`
}
const started = (test: string) => `\r ${test}...... \r ${test}...... `

test('counts what passed and keeps the reasons of failures, also those of several lines', () => {
  const stdout = printed(
    `${started('0. init')}pass`,
    `${started('1. begin')}FAIL (Could not create the collection`,
    `Server must allow MKCOL)`,
    `${started('2. put')}FAIL (PUT failed: 403 Forbidden)`,
    "<- summary for `locks': of 3 tests run: 1 passed, 2 failed. 33.3%",
  )
  expect(parseLitmus('locks', stdout)).toMatchObject({
    passed: 1,
    failures: ['1. begin: Could not create the collection', '2. put: PUT failed: 403 Forbidden'],
  })
})

test('knows which test a warning and the outcome after it belong to', () => {
  const stdout = printed(
    `${started('38. unmapped_lock')}WARNING: LOCK on unmapped url returned 200 not 201 (RFC4918:S7.3)`,
    '    ...................... pass (with 1 warning)',
    "<- summary for `locks': of 1 tests run: 1 passed, 0 failed. 100.0%",
  )
  expect(parseLitmus('locks', stdout)).toMatchObject({
    passed: 1,
    warnings: ['38. unmapped_lock: LOCK on unmapped url returned 200 not 201 (RFC4918:S7.3)'],
  })
})

test('lists what was skipped', () => {
  const stdout = printed(
    `${started('15. cond_put')}SKIPPED`,
    "<- summary for `locks': of 0 tests run: 0 passed, 0 failed. 0.0%",
  )
  expect(parseLitmus('locks', stdout).skipped).toEqual(['15. cond_put'])
})

test('does not take a suite that broke off, or whose own count differs, for a result', () => {
  expect(() => parseLitmus('locks', printed(`${started('0. init')}pass`))).toThrow('did not finish')
  const summary = "<- summary for `locks': of 2 tests run: 2 passed, 0 failed. 100.0%"
  expect(() => parseLitmus('locks', printed(`${started('0. init')}pass`, summary))).toThrow('were counted')
})
