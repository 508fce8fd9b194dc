import { describe, expect, test } from 'vitest'

import { parseCreationDate, parseHttpDate } from '../../../harness/webdavfs/parser/dates.ts'
import { elementsOf } from '../../../harness/webdavfs/parser/elements.ts'
import { readHref } from '../../../harness/webdavfs/parser/hrefs.ts'
import { parseLockToken } from '../../../harness/webdavfs/parser/lock-reply.ts'
import { parseListing } from '../../../harness/webdavfs/parser/multistatus.ts'
import { errnoOfStatus } from '../../../harness/webdavfs/errno.ts'
import {
  decodeAppleDouble,
  encodeAppleDouble,
  appleDoublePath,
} from '../../../harness/webdavfs/xattr/apple-double.ts'
import { escapeName } from '../../../harness/webdavfs/caches/node-tree.ts'

const listing = (...hrefs: string[]): string =>
  `<multistatus xmlns="DAV:">${hrefs.map((href) => `<response><href>${href}</href></response>`).join('')}</multistatus>`

describe('an href', () => {
  test.each([
    ['/v/plain', '/v/plain', false],
    ['/v/a&amp;b', '/v/a&b', false],
    ['/v/a&lt;b', '/v/a', true],
    ['/v/a&#38;b', '/v/a', true],
    ['/v/aéb', '/v/a', true],
    ['/v/😀', '/v/', true],
  ])('written %s is read as %s', (raw, text, truncated) => {
    const href = elementsOf(`<a><D:href>${raw}</D:href></a>`).find(({ name }) => name === 'href')!
    expect(readHref(href)).toEqual({ text, truncated })
  })

  test('is cut where the parser’s input buffer ends', () => {
    const href = elementsOf(`<a><href>/v/${'x'.repeat(200)}</href></a>`).find(({ name }) => name === 'href')!
    expect(readHref(href, 64)).toEqual({ text: `/v/${'x'.repeat(64 - 9 - 3)}`, truncated: true })
  })
})

describe('a listing', () => {
  test('tells the directory from its children by the length of the path alone', () => {
    const { children, mishaps } = parseListing(
      listing('/v/dir/', '/v/dir/child', '/other/longer', '/v/x'),
      '/v/dir/',
    )
    expect(children.map(({ name }) => name)).toEqual(['child', 'longer'])
    expect(mishaps).toMatchObject([{ href: '/v/x' }])
  })

  test('leaves out names of more than 255 bytes', () => {
    const { children } = parseListing(listing('/v/', `/v/${'x'.repeat(256)}`, `/v/${'y'.repeat(255)}`), '/v/')
    expect(children.map(({ name }) => name.length)).toEqual([255])
  })

  test('takes absolute URLs, and any prefix and namespace', () => {
    const xml =
      '<z:m xmlns:z="urn:z"><z:href>http://127.0.0.1:8/v/a%20b</z:href><q:collection xmlns:q="urn:q"/></z:m>'
    expect(parseListing(xml, '/v/').children).toMatchObject([
      { name: 'a b', attributes: { kind: 'directory' } },
    ])
  })

  test('believes properties whatever their status says', () => {
    const xml =
      '<m><r><href>/v/f</href><propstat><prop><getcontentlength>9</getcontentlength></prop>' +
      '<status>HTTP/1.1 404 Not Found</status></propstat></r></m>'
    expect(parseListing(xml, '/v/').children).toMatchObject([{ attributes: { size: 9 } }])
  })

  test('keeps its place after letters outside the basic plane', () => {
    const xml = '<m><note>😀😀</note><href>/v/after</href></m>'
    expect(parseListing(xml, '/v/').children).toMatchObject([{ name: 'after' }])
  })
})

test.each([
  ['Thu, 01 Jan 2026 00:00:01 GMT', 1_767_225_601],
  ['Thursday, 01-Jan-26 00:00:01 GMT', 0],
  ['2026-01-01T00:00:01Z', 0],
  [undefined, 0],
])('the date %s is %d', (text, seconds) => {
  expect(parseHttpDate(text)).toBe(seconds)
})

test.each([
  ['2026-01-01T00:00:01Z', 1_767_225_601],
  ['2026-01-01T01:00:01+01:00', 1_767_225_601],
  ['2026-01-01T00:00:01.500Z', 0],
])('the creation date %s is %d', (text, seconds) => {
  expect(parseCreationDate(text)).toBe(seconds)
})

test('a lock token counts inside locktoken only', () => {
  expect(
    parseLockToken('<p><owner><href>me</href></owner><locktoken><href>urn:t</href></locktoken></p>'),
  ).toBe('urn:t')
  expect(parseLockToken('<p><owner><href>me</href></owner></p>')).toBeUndefined()
})

test.each([
  [200, undefined],
  [207, undefined],
  [302, 'ENOENT'],
  [400, 'EINVAL'],
  [401, 'EPERM'],
  [403, 'EPERM'],
  [404, 'ENOENT'],
  [405, 'EPERM'],
  [407, 'EAUTH'],
  [409, 'ENOENT'],
  [411, 'EINVAL'],
  [412, 'EINVAL'],
  [413, 'EFBIG'],
  [414, 'ENAMETOOLONG'],
  [416, 'EINVAL'],
  [423, 'EBUSY'],
  [424, 'EBUSY'],
  [429, 'EINVAL'],
  [500, 'ENOENT'],
  [503, 'ENOENT'],
  [507, 'ENOSPC'],
] as const)('status %d is %s', (status, errno) => {
  expect(errnoOfStatus(status)).toBe(errno)
})

test('names are escaped as CFURL does it', () => {
  expect(escapeName("a b+c&d=e,f(g)'h!i*j@k$l")).toBe("a%20b+c&d=e,f(g)'h!i*j@k$l")
  expect(escapeName('x:y;z?é%#')).toBe('x%3Ay%3Bz%3F%C3%A9%25%23')
})

test('extended attributes survive an AppleDouble file', () => {
  const attributes = new Map([
    ['com.apple.FinderInfo', Buffer.alloc(32, 7)],
    ['com.apple.metadata:_kMDItemUserTags', Buffer.from('tag')],
    ['user.empty', Buffer.alloc(0)],
  ])
  expect(decodeAppleDouble(encodeAppleDouble(attributes))).toEqual(attributes)
  expect(appleDoublePath('/dir/file')).toBe('/dir/._file')
  expect(appleDoublePath('/')).toBe('/._.')
})
