import { describe, expect, test } from 'vitest'

import { readXml } from '../../../../src-main/front/webdav/xml/read-xml.ts'

const refused: unknown = expect.objectContaining({ status: 400 })

test.each([
  ['no document', ''],
  ['text', 'hello'],
  ['an open element', '<a>'],
  ['two roots', '<a/><b/>'],
  ['an unbound prefix', '<x:a/>'],
  ['an empty prefix binding', '<a xmlns:x=""/>'],
  ['a DTD', '<!DOCTYPE a><a/>'],
  ['an entity bomb', '<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'],
  ['an external entity', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
  ['an unknown entity', '<a>&b;</a>'],
])('%s is refused', (_what, text) => {
  expect(() => readXml(text)).toThrow(refused)
})

test('64 levels are read and 65 are refused', () => {
  const nested = (depth: number): string => '<a>'.repeat(depth) + '</a>'.repeat(depth)
  expect(readXml(nested(64)).name).toBe('a')
  expect(() => readXml(nested(65))).toThrow(refused)
})

describe('what is kept of an element', () => {
  test.each([
    [
      'its prefix is declared on it',
      '<p xmlns="DAV:" xmlns:z="urn:z"><z:a>v</z:a></p>',
      '<n:a xmlns:n="urn:z">v</n:a>',
    ],
    ['no namespace is said', '<p xmlns="DAV:"><a xmlns="">v</a></p>', '<a xmlns="">v</a>'],
    ['text is escaped again', '<p xmlns="DAV:"><a>&lt;&amp;</a></p>', '<n:a xmlns:n="DAV:">&lt;&amp;</n:a>'],
    ['CDATA becomes text', '<p xmlns="DAV:"><a><![CDATA[<]]></a></p>', '<n:a xmlns:n="DAV:">&lt;</n:a>'],
    [
      'attributes keep their namespaces',
      '<p xmlns="DAV:" xmlns:z="urn:z"><a b="1" z:c="2" xml:lang="de"/></p>',
      '<n:a xmlns:n="DAV:" b="1" xmlns:a1="urn:z" a1:c="2" xml:lang="de"></n:a>',
    ],
    [
      'children are inside',
      '<p xmlns="DAV:"><a>x<b/>y</a></p>',
      '<n:a xmlns:n="DAV:">x<n:b xmlns:n="DAV:"></n:b>y</n:a>',
    ],
    ['high Unicode survives', '<p xmlns="DAV:"><a>&#x1F4BE;</a></p>', '<n:a xmlns:n="DAV:">\u{1F4BE}</n:a>'],
  ])('%s', (_what, document, xml) => {
    const [element] = readXml(document).children
    expect(element?.xml).toBe(xml)
    // What is kept must itself be XML again, wherever it is put.
    expect(readXml(`<q xmlns="DAV:">${xml}</q>`).children[0]).toMatchObject({
      namespace: element?.namespace,
      name: element?.name,
    })
  })
})
