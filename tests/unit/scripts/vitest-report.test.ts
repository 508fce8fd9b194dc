import { describe, expect, test } from 'vitest'

import { notRunTitle } from '../../../scripts/test/not-run.ts'
import { readReport } from '../../../scripts/test/vitest-report.ts'

interface TestInReport {
  readonly ancestorTitles: readonly string[]
  readonly title: string
  readonly status: string
}

describe('reading a vitest report', () => {
  test('counts what passed, failed and was skipped over all files', () => {
    const json = report([
      file('a.test.ts', 'failed', [
        reported(['reads'], 'a file', 'passed'),
        reported(['reads'], 'a folder', 'failed'),
        reported(['reads'], 'a dream', 'todo'),
      ]),
      file('b.test.ts', 'passed', [reported([], 'lists', 'passed'), reported([], 'lists more', 'pending')]),
    ])
    expect(readReport(json, 1)).toEqual({
      passed: 2,
      failed: 1,
      skipped: 2,
      failures: ['reads > a folder'],
      notRun: [{ title: 'reads > a dream' }, { title: 'lists more' }],
    })
  })

  test('names a suite that cannot run here once, with its reason', () => {
    const suite = notRunTitle('davfs2', 'davfs2 mounts as root only')
    const json = report([
      file('a.test.ts', 'passed', [
        reported(['real clients', suite, 'copies'], 'one file', 'skipped'),
        reported(['real clients', suite], 'two files', 'skipped'),
      ]),
    ])
    expect(readReport(json, 0)).toEqual({
      passed: 0,
      failed: 0,
      skipped: 2,
      failures: [],
      notRun: [{ title: 'real clients > davfs2', reason: 'davfs2 mounts as root only' }],
    })
  })

  test('counts a file that did not load as a failure, with the first line of its message', () => {
    const json = report([file('a.test.ts', 'failed', [], "Cannot find module './b.ts'\n  at …")])
    expect(readReport(json, 1)).toMatchObject({
      failed: 1,
      failures: ["a.test.ts: Cannot find module './b.ts'"],
    })
  })

  test('counts a file whose hook failed as a failure although its tests were only skipped', () => {
    const json = report([file('a.test.ts', 'failed', [reported([], 'lists', 'skipped')], 'hook timed out')])
    expect(readReport(json, 1)).toMatchObject({
      failed: 1,
      skipped: 1,
      failures: ['a.test.ts: hook timed out'],
    })
  })

  test('counts a run that ended badly as a failure when no test failed', () => {
    const json = report([file('a.test.ts', 'passed', [reported([], 'lists', 'passed')])])
    expect(readReport(json, 1)).toMatchObject({
      passed: 1,
      failed: 1,
      failures: ['the run itself (exit code 1)'],
    })
  })

  test.each([
    ['without a report', undefined, 0],
    ['without a report', undefined, 1],
    ['with half a report', '{"testResults":[', 0],
    ['with something else in its place', '[]', 0],
  ] as const)('counts a run %s as a failure', (_title, json, exitCode) => {
    expect(readReport(json, exitCode)).toMatchObject({ passed: 0, failed: 1 })
  })
})

function report(testResults: readonly unknown[]): string {
  return JSON.stringify({ numTotalTests: 0, testResults })
}

function file(name: string, status: string, assertionResults: readonly TestInReport[], message = '') {
  return { name, status, message, assertionResults }
}

function reported(ancestorTitles: readonly string[], title: string, status: string): TestInReport {
  return { ancestorTitles, title, status }
}
