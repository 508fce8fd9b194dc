import { describe, expect, test } from 'vitest'

import { distributionOf, isRootOnDebian, type Host } from '../../../scripts/debian/host.ts'
import { notRunTitle, parseNotRunTitle } from '../../../scripts/test/not-run.ts'
import { missingBecause, mustHaveAll } from '../../harness/needs.ts'

const rootOnDebian: Host = { platform: 'linux', isRoot: true, distribution: 'debian' }
const userOnMac: Host = { platform: 'darwin', isRoot: false, distribution: '' }
const found = (program: string) => `/usr/bin/${program}`
const nothingFound = () => undefined

describe('what a suite needs', () => {
  test.each([
    ['a package whose program is found', 'rclone', rootOnDebian, found, undefined],
    ['a package whose program is not found', 'rclone', rootOnDebian, nothingFound, 'rclone is not installed'],
    ['davfs2 on a Mac', 'davfs2', userOnMac, found, 'davfs2 mounts on Linux only'],
    [
      'davfs2 without root',
      'davfs2',
      { ...rootOnDebian, isRoot: false },
      found,
      'davfs2 mounts as root only',
    ],
    ['root where there is none', 'root', userOnMac, found, 'not root'],
    ['macOS on Linux', 'macos', rootOnDebian, found, 'not macOS'],
    ['macOS on macOS', 'macos', userOnMac, found, undefined],
  ] as const)('%s', (_title, need, host, find, reason) => {
    expect(missingBecause(need, host, find)).toBe(reason)
  })

  test.each([
    ['CI as root on Debian', { CI: 'true' }, rootOnDebian, true],
    ['a person as root on Debian', {}, rootOnDebian, false],
    ['CI on a Mac', { CI: 'true' }, userOnMac, false],
    ['CI as root on another Linux', { CI: 'true' }, { ...rootOnDebian, distribution: 'fedora' }, false],
  ] as const)('a missing need fails for %s only', (_title, env, host, expected) => {
    expect(mustHaveAll(env, host)).toBe(expected)
  })
})

describe('the title of a suite that cannot run', () => {
  test('gives back the title and the reason', () => {
    const text = notRunTitle('cp -r [of many files]', 'davfs2 is not installed, not root')
    expect(parseNotRunTitle(text)).toEqual({
      title: 'cp -r [of many files]',
      reason: 'davfs2 is not installed, not root',
    })
  })

  test('is not confused with an ordinary title', () => {
    expect(parseNotRunTitle('lists [10 files]')).toBeUndefined()
  })
})

describe('the machine', () => {
  test.each([
    ['ID=debian', 'debian'],
    ['NAME="x"\nID="opensuse-leap"\nID_LIKE="suse"\n', 'opensuse-leap'],
    ['VERSION_ID=12\n', ''],
    ['', ''],
  ])('reads the distribution from %j', (osRelease, distribution) => {
    expect(distributionOf(osRelease)).toBe(distribution)
  })

  test('installs packages only as root on Debian', () => {
    expect(isRootOnDebian(rootOnDebian)).toBe(true)
    expect(isRootOnDebian({ ...rootOnDebian, isRoot: false })).toBe(false)
    expect(isRootOnDebian(userOnMac)).toBe(false)
  })
})
