import { expect, test } from 'vitest'

import {
  compareKeys,
  folderOfKey,
  justBefore,
  keyOf,
  keyPrefixOf,
} from '../../../../src-main/services/vitals/sync/object-key.ts'

test.each([
  [{ prefix: '', remotePath: '/' }, ''],
  [{ prefix: 'team/', remotePath: '/' }, 'team/'],
  [{ prefix: 'team', remotePath: '/2026/may' }, 'team/2026/may/'],
  [{ prefix: '', remotePath: '2026/' }, '2026/'],
  [{ prefix: 'team/', rootDirectory: '/home/ann', remotePath: '/' }, 'team/home/ann/'],
  [{ prefix: 'team/', rootDirectory: '/', remotePath: '/a' }, 'team/a/'],
])('the keys of %j begin with "%s"', (place, prefix) => {
  expect(keyPrefixOf(place)).toBe(prefix)
})

test('a path becomes a key as it is, whatever its name', () => {
  expect(keyOf('', '/a b+ä.txt')).toBe('a b+ä.txt')
  expect(keyOf('team/', '/d/e')).toBe('team/d/e')
})

test('the folder of a key is what it shares with those beside it', () => {
  expect(folderOfKey('team/d/e')).toBe('team/d/')
  expect(folderOfKey('e')).toBe('')
})

test.each(['a', 'd/a', 'd/ä', 'd/😀'])('what comes just before %s comes before it, and is whole', (key) => {
  expect(compareKeys(justBefore(key), key)).toBeLessThan(0)
  expect(justBefore(key).isWellFormed()).toBe(true)
})

test('keys are in the order of their bytes, which is not that of their UTF-16', () => {
  expect(['\u{1F600}', '\uFF5E', 'z', 'Z'].sort(compareKeys)).toEqual(['Z', 'z', '\uFF5E', '\u{1F600}'])
})
