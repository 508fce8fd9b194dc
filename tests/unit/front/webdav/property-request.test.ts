import { expect, test } from 'vitest'

import { PropertyRequestReader } from '../../../../src-main/front/webdav/properties/property-request.ts'

const read = (body: string): unknown => new PropertyRequestReader().read(body)

test.each([
  ['', { kind: 'all', include: [] }],
  ['<propfind xmlns="DAV:"><allprop/></propfind>', { kind: 'all', include: [] }],
  [
    '<propfind xmlns="DAV:"><allprop/><include><a/></include></propfind>',
    { kind: 'all', include: [{ namespace: 'DAV:', name: 'a' }] },
  ],
  ['<propfind xmlns="DAV:"><propname/></propfind>', { kind: 'names' }],
  [
    '<D:propfind xmlns:D="DAV:"><D:prop><D:a/><x xmlns="urn:x"/><D:a/></D:prop></D:propfind>',
    {
      kind: 'these',
      properties: [
        { namespace: 'DAV:', name: 'a' },
        { namespace: 'urn:x', name: 'x' },
      ],
    },
  ],
])('%j asks for %j', (body, request) => {
  expect(read(body)).toMatchObject(request)
})

test.each([
  ['<nonsense xmlns="DAV:"/>', 400],
  ['<propfind/>', 400],
  ['<propfind xmlns="DAV:"/>', 400],
  ['<propfind xmlns="DAV:"><prop/><allprop/></propfind>', 400],
  [
    `<propfind xmlns="DAV:"><prop>${Array.from({ length: 257 }, (_, i) => `<p${i}/>`).join('')}</prop></propfind>`,
    413,
  ],
])('%.60s … is refused with %i', (body, status) => {
  expect(() => read(body)).toThrow(expect.objectContaining({ status }))
})

test('equal questions have equal keys and different ones do not', () => {
  const reader = new PropertyRequestReader()
  const ask = (inner: string): string => reader.read(`<propfind xmlns="DAV:">${inner}</propfind>`).key
  expect(ask('<prop><a/><b/></prop>')).toBe(ask('<prop> <a/> <b/> </prop>'))
  const keys = [
    '<prop><a/></prop>',
    '<prop><b/></prop>',
    '<prop><a/><b/></prop>',
    '<allprop/>',
    '<propname/>',
    '<allprop/><include><a/></include>',
  ].map(ask)
  expect(new Set(keys).size).toBe(keys.length)
})
