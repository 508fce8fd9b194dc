import { describe, expect, test } from 'vitest'

import { contentOf, versionOf } from '../../../harness/rig-load/content.ts'

const whole = contentOf('folder/file', 7, 10_000)

describe('content that knows its version', () => {
  test.each([1, 30, 10_000, 5_000_000])('is recognised, with %d bytes', (size) => {
    const content = contentOf('folder/file', 12, size + 30)
    expect(versionOf('folder/file', content)).toBe(12)
  })

  test.each([
    ['nothing at all', Buffer.alloc(0)],
    ['its first half', whole.subarray(0, 5_000)],
    [
      'a hole in the middle',
      Buffer.concat([whole.subarray(0, 4_000), Buffer.alloc(2_000), whole.subarray(6_000)]),
    ],
    ['more than all of it', Buffer.concat([whole, whole])],
    [
      'another version’s end',
      Buffer.concat([whole.subarray(0, 5_000), contentOf('folder/file', 8, 10_000).subarray(5_000)]),
    ],
    ['another file', contentOf('folder/other', 7, 10_000)],
  ])('is not mistaken for whole when it is %s', (_what, content) => {
    expect(() => versionOf('folder/file', content)).toThrow(/torn|not a version/)
  })
})
