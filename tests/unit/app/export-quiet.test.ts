import { expect, test } from 'vitest'

import { exportQuietMsOf } from '../../../src-main/app/export-quiet.ts'

test.each([
  ['5000', 5_000],
  ['0', 0],
  [undefined, undefined],
  ['', undefined],
  ['5s', undefined],
  ['-1', undefined],
  ['1e3', undefined],
  ['99999999', undefined],
])('MOUNTBAR_EXPORT_QUIET_MS=%s is %s ms of quiet', (text, quietMs) => {
  expect(exportQuietMsOf({ MOUNTBAR_EXPORT_QUIET_MS: text })).toBe(quietMs)
})
