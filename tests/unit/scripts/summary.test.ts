import { describe, expect, test } from 'vitest'

import type { Outcome } from '../../../scripts/test/outcome.ts'
import { summaryLines, totalLine } from '../../../scripts/test/summary.ts'

const lint: Outcome = {
  name: 'lint',
  durationMs: 12_340,
  passed: 1,
  failed: 0,
  skipped: 0,
  failures: [],
  notRun: [],
}

describe('the closing summary', () => {
  test('is one line per step and the totals when all went well', () => {
    const unit: Outcome = { ...lint, name: 'unit', durationMs: 3_000, passed: 120 }
    expect(summaryLines([lint, unit])).toEqual([
      'lint            12.3 s  1 passed, 0 failed',
      'unit             3.0 s  120 passed, 0 failed',
      '121 passed, 0 failed',
    ])
  })

  test('names what failed and what did not run before the totals', () => {
    const e2e: Outcome = {
      ...lint,
      name: 'e2e',
      passed: 3,
      failed: 1,
      skipped: 4,
      failures: ['demo > mounts'],
      notRun: [{ title: 'davfs2', reason: 'davfs2 mounts as root only' }, { title: 'rename' }],
    }
    expect(summaryLines([lint, e2e])).toEqual([
      'Failed:',
      '  e2e: demo > mounts',
      '',
      'Not run on this machine:',
      '  e2e: davfs2: davfs2 mounts as root only',
      '  e2e: rename: skipped, no reason given',
      '',
      'lint            12.3 s  1 passed, 0 failed',
      'e2e             12.3 s  3 passed, 1 failed, 4 skipped',
      '4 passed, 1 failed, 4 skipped',
    ])
  })

  test('leaves skipped tests out of the totals only when there were none', () => {
    expect(totalLine([{ passed: 2, failed: 0, skipped: 0 }])).toBe('2 passed, 0 failed')
    expect(totalLine([{ passed: 2, failed: 0, skipped: 1 }])).toBe('2 passed, 0 failed, 1 skipped')
  })
})
