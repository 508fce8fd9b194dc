import { expect, test } from 'vitest'

import type { PropertyRequest } from '../../../../src-main/front/webdav/properties/property-request.ts'
import {
  responseRenderer,
  type ResponseSource,
} from '../../../../src-main/front/webdav/properties/response-renderer.ts'

const file: ResponseSource = {
  node: {
    kind: 'file',
    size: 5,
    modifiedMs: 1_700_000_000_999,
    createdMs: 1_600_000_000_999,
    fileId: 1,
    lastModifiedSec: 1_700_000_001,
  },
  name: 'a.txt',
  href: '/s/a.txt',
  dead: [{ namespace: 'urn:z', name: 'p', xml: '<n:p xmlns:n="urn:z">v</n:p>' }],
}
const directory: ResponseSource = {
  ...file,
  node: { ...file.node, kind: 'directory', size: 0 },
  href: '/s/d/',
  dead: [],
}

const these = (...names: readonly string[]): PropertyRequest => ({
  kind: 'these',
  key: '',
  properties: names.map((name) => ({ namespace: 'DAV:', name })),
})

test('macOS gets the values it asked for and no element more', () => {
  const render = responseRenderer(
    these('getlastmodified', 'getcontentlength', 'creationdate', 'resourcetype'),
    'macos',
  )
  expect(render(file)).toBe(
    '<response><href>/s/a.txt</href><getlastmodified>Tue, 14 Nov 2023 22:13:21 GMT</getlastmodified>' +
      '<getcontentlength>5</getcontentlength><creationdate>2020-09-13T12:26:40Z</creationdate></response>',
  )
  expect(render(directory)).toBe(
    '<response><href>/s/d/</href><getlastmodified>Tue, 14 Nov 2023 22:13:21 GMT</getlastmodified>' +
      '<creationdate>2020-09-13T12:26:40Z</creationdate><resourcetype><collection/></resourcetype></response>',
  )
})

test('macOS is never told a quota, not even when space is known', () => {
  const space = { totalBytes: 10, freeBytes: 5 }
  for (const request of [
    these('quota-available-bytes', 'quota-used-bytes', 'quota', 'quotaused'),
    { kind: 'all', include: [], key: '' } as const,
  ]) {
    expect(responseRenderer(request, 'macos')({ ...directory, space })).not.toContain('quota')
  }
})

test('a standard client is told the quota of a directory when it asks', () => {
  const render = responseRenderer(these('quota-available-bytes', 'quota-used-bytes'), 'standard')
  expect(render({ ...directory, space: { totalBytes: 10, freeBytes: 4 } })).toContain(
    '<quota-available-bytes>4</quota-available-bytes><quota-used-bytes>6</quota-used-bytes>',
  )
})

test('what does not exist comes in a propstat of its own', () => {
  expect(responseRenderer(these('getcontentlength', 'nonesuch'), 'standard')(file)).toBe(
    '<response><href>/s/a.txt</href>' +
      '<propstat><prop><getcontentlength>5</getcontentlength></prop><status>HTTP/1.1 200 OK</status></propstat>' +
      '<propstat><prop><nonesuch/></prop><status>HTTP/1.1 404 Not Found</status></propstat></response>',
  )
})

test('dead properties are found by their expanded name', () => {
  const ask = (namespace: string): PropertyRequest => ({
    kind: 'these',
    key: '',
    properties: [{ namespace, name: 'p' }],
  })
  expect(responseRenderer(ask('urn:z'), 'standard')(file)).toContain('<n:p xmlns:n="urn:z">v</n:p>')
  expect(responseRenderer(ask('urn:y'), 'standard')(file)).toContain('404 Not Found')
})

test('allprop leaves out what costs, and include brings it back', () => {
  const all = responseRenderer({ kind: 'all', include: [], key: '' }, 'standard')(file)
  expect(all).not.toContain('supportedlock')
  expect(all).toContain('<n:p xmlns:n="urn:z">v</n:p>')
  const include = [{ namespace: 'DAV:', name: 'supportedlock' }]
  expect(responseRenderer({ kind: 'all', include, key: '' }, 'standard')(file)).toContain(
    '<supportedlock><lockentry>',
  )
})

test('propname names what there is, and nothing that there is not', () => {
  const names = responseRenderer({ kind: 'names', key: '' }, 'standard')(directory)
  expect(names).toContain('<resourcetype/>')
  expect(names).not.toContain('getcontentlength')
})
