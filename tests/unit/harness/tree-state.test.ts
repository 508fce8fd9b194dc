import { describe, expect, test } from 'vitest'

import { applied, wrongWith, type TreeChange, type TreeState } from '../../harness/crash/tree-state.ts'

const state = (entries: Record<string, string | null>): TreeState => new Map(Object.entries(entries))
const before = state({ '/a': 'one', '/d': null, '/d/b': 'two', '/d/c': 'three' })

describe('a change that was answered', () => {
  test.each<readonly [TreeChange, Record<string, string | null>]>([
    [
      { kind: 'put', path: '/a', text: 'new' },
      { '/a': 'new', '/d': null, '/d/b': 'two', '/d/c': 'three' },
    ],
    [
      { kind: 'mkcol', path: '/e' },
      { '/a': 'one', '/d': null, '/d/b': 'two', '/d/c': 'three', '/e': null },
    ],
    [{ kind: 'delete', path: '/d' }, { '/a': 'one' }],
    [
      { kind: 'move', path: '/d', to: '/e' },
      { '/a': 'one', '/e': null, '/e/b': 'two', '/e/c': 'three' },
    ],
    [
      { kind: 'move', path: '/d/b', to: '/a' },
      { '/a': 'two', '/d': null, '/d/c': 'three' },
    ],
  ])('%j leaves %j', (change, after) => {
    expect(Object.fromEntries(applied(before, change))).toEqual(after)
  })
})

describe('what is seen after a crash', () => {
  const put: TreeChange = { kind: 'put', path: '/a', text: 'new' }
  const remove: TreeChange = { kind: 'delete', path: '/d' }

  test.each<readonly [string, TreeState, TreeChange | undefined]>([
    ['what was there', before, undefined],
    ['what was there before a change nobody answered', before, put],
    ['what that change leaves', applied(before, put), put],
    ['a removal that stopped half-way', applied(before, { kind: 'delete', path: '/d/b' }), remove],
  ])('may be %s', (_title, seen, unanswered) => {
    expect(wrongWith(seen, before, unanswered)).toBeUndefined()
  })

  test.each<readonly [string, TreeState, TreeChange | undefined]>([
    ['without a file', applied(before, { kind: 'delete', path: '/a' }), put],
    ['with an old version', applied(before, put), undefined],
    ['with a piece of a file', applied(before, { kind: 'put', path: '/a', text: 'ne' }), put],
    ['with one file more', applied(before, { kind: 'put', path: '/a (conflict)', text: 'one' }), put],
    [
      'with half a move',
      state({ '/a': 'one', '/e': null, '/e/b': 'two' }),
      { kind: 'move', path: '/d', to: '/e' },
    ],
    [
      'with a removal that took something else',
      state({ '/d': null, '/d/b': 'two', '/d/c': 'three' }),
      remove,
    ],
  ])('must not be %s', (_title, seen, unanswered) => {
    expect(wrongWith(seen, before, unanswered)).toBeDefined()
  })
})
