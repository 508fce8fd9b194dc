import { expect, test } from 'vitest'

import { parseIfHeader, submittedTokens } from '../../../../src-main/front/webdav/conditions/if-header.ts'

const token = (value: string, not = false): object => ({ not, kind: 'token', value })
const etag = (value: string, not = false): object => ({ not, kind: 'etag', value })

test.each([
  ['(<urn:a>)', [{ resource: undefined, conditions: [token('urn:a')] }]],
  ['(<urn:a> ["x"])', [{ resource: undefined, conditions: [token('urn:a'), etag('"x"')] }]],
  ['(Not <urn:a>)', [{ resource: undefined, conditions: [token('urn:a', true)] }]],
  [
    '(not <DAV:no-lock> [W/"x"])',
    [{ resource: undefined, conditions: [token('DAV:no-lock', true), etag('W/"x"')] }],
  ],
  [
    '(<urn:a>)(["y"])',
    [
      { resource: undefined, conditions: [token('urn:a')] },
      { resource: undefined, conditions: [etag('"y"')] },
    ],
  ],
  [
    '<http://h/p> (<urn:a>) (<urn:b>) </q> (<urn:c>)',
    [
      { resource: 'http://h/p', conditions: [token('urn:a')] },
      { resource: 'http://h/p', conditions: [token('urn:b')] },
      { resource: '/q', conditions: [token('urn:c')] },
    ],
  ],
])('%s is understood', (header, lists) => {
  expect(parseIfHeader(header)).toEqual(lists)
})

test.each([
  '',
  '()',
  '(',
  '(<a>',
  '<a>',
  '(<a>))',
  '((<a>))',
  '(Not)',
  '(Not Not <a>)',
  'Not (<a>)',
  '["x"]',
  '(<a>) x',
  '(<a b>)',
  '(["x)',
])('%j is refused', (header) => {
  expect(() => parseIfHeader(header)).toThrow(expect.objectContaining({ status: 400 }))
})

test('a token counts as submitted wherever it stands', () => {
  const lists = parseIfHeader('</a> (<urn:a> ["x"]) </b> (Not <urn:b>)')
  expect([...submittedTokens(lists)]).toEqual(['urn:a', 'urn:b'])
})

test('a header of many thousand characters is judged in linear time', () => {
  expect(() => parseIfHeader(`(${'<a> '.repeat(20_000)}`)).toThrow(expect.objectContaining({ status: 400 }))
})
