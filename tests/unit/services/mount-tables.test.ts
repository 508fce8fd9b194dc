import { describe, expect, test } from 'vitest'

import { parseLinuxMountTable } from '../../../src-main/services/volumes/linux-mount-table.ts'
import { parseMacMountTable } from '../../../src-main/services/volumes/macos-mount-table.ts'

const url = 'http://127.0.0.1:4711/0123456789abcdef0123456789abcdef/'

describe('the mount table of macOS', () => {
  const dav = '(webdav, nodev, noexec, nosuid, mounted by me)'
  test.each([
    [
      'a plain volume',
      `${url} on /Volumes/Photos ${dav}`,
      { url, mountPoint: '/Volumes/Photos', type: 'webdav' },
    ],
    [
      'a name with spaces and parentheses',
      `${url} on /Users/me/Library/Application Support/Mountbar/Volumes.noindex/My (old) Photos ${dav}`,
      {
        url,
        mountPoint: '/Users/me/Library/Application Support/Mountbar/Volumes.noindex/My (old) Photos',
        type: 'webdav',
      },
    ],
    [
      'a name with “ on ” in it',
      `${url} on /Volumes/Notes on /x (a, b) ${dav}`,
      { url, mountPoint: '/Volumes/Notes on /x (a, b)', type: 'webdav' },
    ],
    [
      'a name of other letters',
      `${url} on /Volumes/Fotos für Zoë 📷 ${dav}`,
      { url, mountPoint: '/Volumes/Fotos für Zoë 📷', type: 'webdav' },
    ],
    [
      'the system volume',
      '/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)',
      { url: '/dev/disk3s1s1', mountPoint: '/', type: 'apfs' },
    ],
    ['a type without options', 'devfs on /dev (devfs)', { url: 'devfs', mountPoint: '/dev', type: 'devfs' }],
    [
      'an automounter map',
      'map auto_home on /System/Volumes/Data/home (autofs, automounted, nobrowse)',
      { url: 'map auto_home', mountPoint: '/System/Volumes/Data/home', type: 'autofs' },
    ],
    [
      'an SMB share',
      '//me@nas._smb._tcp.local/Data on /Volumes/Data (smbfs, nodev, nosuid, mounted by me)',
      { url: '//me@nas._smb._tcp.local/Data', mountPoint: '/Volumes/Data', type: 'smbfs' },
    ],
  ])('has %s', (_, line, volume) => {
    expect(parseMacMountTable(`${line}\n`)).toEqual([volume])
  })

  test('keeps the order of its lines and skips what is none', () => {
    const output = `devfs on /dev (devfs, local)\n\nwhat is this\n${url} on /a ${dav}\n`
    expect(parseMacMountTable(output).map(({ mountPoint }) => mountPoint)).toEqual(['/dev', '/a'])
  })
})

describe('the mount table of Linux', () => {
  test.each([
    ['a davfs2 volume', `${url} /mnt/a fuse rw,nosuid 0 0`, { url, mountPoint: '/mnt/a', type: 'fuse' }],
    ['a space', `${url} /mnt/My\\040Photos fuse rw 0 0`, { url, mountPoint: '/mnt/My Photos', type: 'fuse' }],
    [
      'tab, newline, backslash and #',
      `x /a\\011b\\012c\\134d\\043e ext4 rw 0 0`,
      { url: 'x', mountPoint: '/a\tb\nc\\d#e', type: 'ext4' },
    ],
    [
      'a backslash before digits of the name',
      'x /a\\134040b ext4 rw 0 0',
      { url: 'x', mountPoint: '/a\\040b', type: 'ext4' },
    ],
    ['other letters', 'x /mnt/Zoë📷 ext4 rw 0 0', { url: 'x', mountPoint: '/mnt/Zoë📷', type: 'ext4' }],
  ])('has %s', (_, line, volume) => {
    expect(parseLinuxMountTable(`${line}\n`)).toEqual([volume])
  })

  test('of nothing is empty', () => {
    expect(parseLinuxMountTable('')).toEqual([])
  })
})
