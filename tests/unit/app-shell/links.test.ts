import { beforeEach, expect, test, vi } from 'vitest'

import { createLinks } from '../../../src-main/app/shell/links.ts'
import { silentLogger } from '../../../src-main/lib/logger.ts'
import { linkIds } from '../../../src-main/shared/app/snapshot.ts'
import { shell } from '../../fakes/fake-electron.ts'

vi.mock('electron', () => import('../../fakes/fake-electron.ts'))

const links = createLinks(silentLogger)

beforeEach(() => {
  shell.opened.length = 0
})

test.each([
  'https://console.aws.amazon.com/s3/buckets/photos',
  'https://d-123.awsapps.com/start/#/device?user_code=ABCD-EFGH',
  'http://127.0.0.1:8123/authorize?x=1',
  'http://localhost:8123/',
  'http://[::1]:8123/',
])('%s is opened', async (url) => {
  expect(await links.openUrl(url)).toBe(true)
  expect(shell.opened).toEqual([url])
})

test.each([
  '',
  'console.aws.amazon.com',
  'http://example.com/',
  'http://127.0.0.1.example.com/',
  'http://localhost.example.com/',
  'https://user:secret@example.com/',
  'https://user@example.com/',
  'file:///etc/passwd',
  'smb://server/share',
  'mountbar://mount/photos',
  'javascript:alert(1)',
  'x-apple.systempreferences:com.apple.preference',
])('%j is refused', async (url) => {
  expect(await links.openUrl(url)).toBe(false)
  expect(shell.opened).toEqual([])
})

test.each(linkIds)('the page "%s" has an address that may be opened', async (link) => {
  await links.openLink(link)
  expect(shell.opened).toHaveLength(1)
})
