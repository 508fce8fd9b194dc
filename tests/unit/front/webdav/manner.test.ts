import { expect, test } from 'vitest'

import { mannerFor } from '../../../../src-main/front/webdav/manner.ts'

test.each([
  ['WebDAVFS/3.0.0 (03008000) Darwin/24.6.0 (arm64)', 'macos'],
  ['WebDAVFS/1.2.7 (01278000) neon/0.25.4', 'standard'],
  ['WebDAVLib/1.3', 'standard'],
  ['Cyberduck/9.0 Darwin/24.6.0 (arm64)', 'standard'],
  ['davfs2/1.6.1 neon/0.32.2', 'standard'],
  ['', 'standard'],
  [undefined, 'standard'],
])('the client %j is spoken to in the %s manner', (userAgent, manner) => {
  expect(mannerFor(userAgent)).toBe(manner)
})
