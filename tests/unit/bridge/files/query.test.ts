import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { isWithin, nameOf, parentOf, parseTreePath } from '../../../../docker/bridge/agent/files/path.ts'
import { Query } from '../../../../docker/bridge/agent/files/query.ts'
import { drawn } from '../../../harness/drawn.ts'

const pathOf = (text: string) => new Query(`/v1/attributes?path=${text}`).path('path')
const codeOf = (act: () => unknown): unknown => {
  try {
    return act()
  } catch (error) {
    return (error as { code: unknown }).code
  }
}

describe('the path of a request', () => {
  it.each([
    ['', ''],
    ['a', 'a'],
    ['a%2Fb', 'a/b'],
    ['a/b', 'a/b'],
    ['a+b%20c', 'a+b c'],
    ['%2525', '%25'],
    ['a%26b%3Dc=d', 'a&b=c=d'],
    ['...', '...'],
    ['..a/.b', '..a/.b'],
    ['a%0Ab', 'a\nb'],
    ['%5C..%5C..', '\\..\\..'],
    ['%EF%BF%BD', '\ufffd'],
  ])('%s is %j', (text, path) => {
    expect(pathOf(text)).toBe(path)
  })

  it.each([
    '..',
    '.',
    '/',
    '/a',
    'a/',
    'a//b',
    'a/../b',
    'a/./b',
    '..%2F..%2Fetc',
    '%2e%2e/a',
    'a%00b',
    '%ff',
    '%c0%ae%c0%ae/a',
    '%ed%a0%80',
    '%',
    '%zz',
    'a&path=b',
  ])('%s is refused', (text) => {
    expect(codeOf(() => pathOf(text))).toBe('bad-request')
  })

  it('is refused where it is too long for any file system', () => {
    expect(pathOf('x'.repeat(255))).toHaveLength(255)
    expect(codeOf(() => pathOf('x'.repeat(256)))).toBe('name-too-long')
    expect(codeOf(() => pathOf('%C3%A4'.repeat(128)))).toBe('name-too-long')
    expect(codeOf(() => pathOf(`${'x/'.repeat(2_047)}yy`))).toBe('name-too-long')
  })

  it('never leads up, whatever the bytes', () => {
    const piece = fc.oneof(
      fc.constantFrom('..', '.', '/', '%2f', '%2e', '%252e', '%00', '\\', '&', '=', '+', '%'),
      fc.string({ unit: 'binary', maxLength: 3 }).map((text) => encodeURIComponent(text.toWellFormed())),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        let path: string
        try {
          path = pathOf(pieces.join(''))
        } catch (error) {
          expect((error as { code: unknown }).code).toMatch(/^(bad-request|name-too-long)$/)
          return
        }
        if (path === '') return
        const isSound = path.split('/').every((component) => !['', '.', '..'].includes(component))
        expect(isSound && !path.includes('\0')).toBe(true)
      }),
      drawn(500),
    )
  })

  it('survives the way there, whatever the name', () => {
    const name = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 60 })
      .filter((text) => text.isWellFormed() && !/[/\0]/.test(text) && !['.', '..'].includes(text))
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), (names) => {
        expect(pathOf(encodeURIComponent(names.join('/')))).toBe(names.join('/'))
      }),
      drawn(),
    )
  })
})

describe('parts of paths', () => {
  it.each([
    ['', '', ''],
    ['a', '', 'a'],
    ['a/b', 'a', 'b'],
    ['a/b/c', 'a/b', 'c'],
  ])('%j is below %j, called %j', (path, parent, name) => {
    expect(parentOf(parseTreePath(path))).toBe(parent)
    expect(nameOf(parseTreePath(path))).toBe(name)
  })

  it.each([
    ['a/b', 'a', true],
    ['a', 'a', true],
    ['ab', 'a', false],
    ['a', '', true],
    ['a', 'a/b', false],
  ])('%j within %j: %j', (path, dir, expected) => {
    expect(isWithin(parseTreePath(path), parseTreePath(dir))).toBe(expected)
  })
})

describe('other parameters', () => {
  it.each(['-1', '1.5', '1e3', '0x10', '', ' 1', '9007199254740993', 'NaN'])(
    '%j is no number of bytes',
    (text) => {
      expect(codeOf(() => new Query(`/v1/content?start=${encodeURIComponent(text)}`).bytes('start'))).toBe(
        'bad-request',
      )
    },
  )

  it.each(['', 'Infinity', '1e5', 'now', '9e15', '99999999999999999'])('%j is no time', (text) => {
    expect(codeOf(() => new Query(`/v1/times?modifiedMs=${text}`).time('modifiedMs'))).toBe('bad-request')
  })

  it('keep their fraction and their sign', () => {
    expect(new Query('/v1/times?modifiedMs=-1.5').time('modifiedMs')).toBe(-1.5)
    expect(new Query('/v1/content?end=9007199254740991').bytes('end')).toBe(Number.MAX_SAFE_INTEGER)
    expect(new Query('/v1/content').bytes('end')).toBeUndefined()
  })

  it('that are wanted are missed', () => {
    expect(codeOf(() => new Query('/v1/move?from=a').path('to'))).toBe('bad-request')
  })
})
