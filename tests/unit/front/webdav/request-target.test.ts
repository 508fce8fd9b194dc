import { expect, test } from 'vitest'

import { isOurs, splitAuthority } from '../../../../src-main/front/webdav/gate/authority.ts'
import { readTarget } from '../../../../src-main/front/webdav/gate/request-target.ts'

const secret = '0123456789abcdef0123456789abcdef'

function refusalOf(url: string): unknown {
  try {
    return readTarget(url, secret)
  } catch (error) {
    return error
  }
}

test.each([
  [`/${secret}`, '/', `/${secret}`, false],
  [`/${secret}/`, '/', `/${secret}`, true],
  [`/${secret}/a/b`, '/a/b', `/${secret}/a/b`, false],
  [`/${secret}//a///b/`, '/a/b', `/${secret}/a/b`, true],
  [`/${secret}/a%20b+c`, '/a b+c', `/${secret}/a%20b%2Bc`, false],
  [`/${secret}/R&D`, '/R&D', `/${secret}/R%26D`, false],
  [`/${secret}/a%252e`, '/a%2e', `/${secret}/a%252e`, false],
  [`/${secret}/caf%C3%A9`, '/caf\u00e9', `/${secret}/caf%C3%A9`, false],
  [`/${secret}/cafe%CC%81`, '/cafe\u0301', `/${secret}/cafe%CC%81`, false],
  [`/${secret}/a?b=c`, '/a', `/${secret}/a`, false],
])('%s is the path %j with href %s', (url, path, href, hasTrailingSlash) => {
  expect(readTarget(url, secret)).toEqual({ path, href, hasTrailingSlash })
})

test.each([
  ['/', 404],
  ['', 404],
  ['/wrong', 404],
  [`/${secret.slice(1)}`, 404],
  [`/${secret}x/a`, 404],
  [`/${secret.replace('0', '1')}/a`, 404],
  [`/${secret}/a%2fb`, 403],
  [`/${secret}/a%2Fb`, 403],
  [`/${secret}/%zz`, 400],
  [`/${secret}/%c0%af`, 400],
  [`/${secret}/%ff`, 400],
  [`/${secret}/a#b`, 400],
])('%s is refused with %i', (url, status) => {
  expect(refusalOf(url)).toMatchObject({ status })
})

test.each([
  [`/${secret}/../x`, 'name-invalid'],
  [`/${secret}/%2e%2e/x`, 'name-invalid'],
  [`/${secret}/a/.%2e/x`, 'name-invalid'],
  [`/${secret}/./x`, 'name-invalid'],
  [`/${secret}/a%00b`, 'name-invalid'],
  [`/${secret}/${'n'.repeat(256)}`, 'name-too-long'],
  [`/${secret}/${encodeURIComponent('\u{1F4BE}'.repeat(64))}`, 'name-too-long'],
])('%s is refused as %s', (url, code) => {
  expect(refusalOf(url)).toMatchObject({ code })
})

test('a name of exactly 255 bytes passes', () => {
  expect(readTarget(`/${secret}/${'n'.repeat(255)}`, secret).path).toHaveLength(256)
})

test.each([
  ['/a/b', undefined, '/a/b'],
  ['http://127.0.0.1:80/a', '127.0.0.1:80', '/a'],
  ['HTTP://localhost:1', 'localhost:1', '/'],
])('%s splits into authority %s and path %s', (uri, authority, pathAndQuery) => {
  expect(splitAuthority(uri)).toEqual({ authority, pathAndQuery })
})

test.each(['*', '', 'a/b', 'https://127.0.0.1/a', 'ftp://x/y', 'http:///a'])(
  '%j is no address of ours',
  (uri) => {
    expect(() => splitAuthority(uri)).toThrow(expect.objectContaining({ status: 400 }))
  },
)

test.each([
  ['127.0.0.1:8080', true],
  ['localhost:8080', true],
  ['LOCALHOST:8080', true],
  ['127.0.0.1:8081', false],
  ['127.0.0.1', false],
  ['evil.example:8080', false],
  ['127.0.0.1.evil.example:8080', false],
  ['[::1]:8080', false],
  [undefined, false],
])('the host %j is ours: %s', (authority, ours) => {
  expect(isOurs(authority, 8080)).toBe(ours)
})
