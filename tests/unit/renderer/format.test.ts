import { describe, expect, test } from 'vitest'

import {
  baseNameOf,
  folderOf,
  formatAgo,
  formatBytes,
  formatDuration,
  formatLatency,
  formatPath,
  formatRate,
  formatTimeLeft,
} from '../../../src-renderer/lib/format.ts'

const minute = 60_000
const hour = 60 * minute

describe('numbers as words', () => {
  test.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1_000, '1 kB'],
    [999_499, '999 kB'],
    [999_500, '1 MB'],
    [1_440_000, '1.4 MB'],
    [48_000_000, '48 MB'],
    [123_400_000, '123 MB'],
    [999_999_999, '1 GB'],
    [2_340_000_000_000, '2.3 TB'],
  ])('%i bytes are "%s"', (bytes, text) => expect(formatBytes(bytes)).toBe(text))

  test.each([
    [12, '<1 kB/s'],
    [320_000, '320 kB/s'],
    [1_400_000, '1.4 MB/s'],
  ])('%i bytes a second are "%s"', (bytesPerSec, text) => expect(formatRate(bytesPerSec)).toBe(text))

  test.each([
    [-5, '0 s'],
    [12_400, '12 s'],
    [64_000, '64 s'],
    [119_400, '119 s'],
    [119_600, '2 min'],
    [59 * minute, '59 min'],
    [hour, '1 h'],
    [3 * hour + 12 * minute, '3 h 12 min'],
    [47 * hour, '47 h'],
    [49 * hour, '2 days'],
  ])('%i ms are "%s"', (ms, text) => expect(formatDuration(ms)).toBe(text))

  test.each([
    [-1, 'less than a minute left'],
    [59_999, 'less than a minute left'],
    [minute, '1 min left'],
    [15 * minute - 1, '14 min left'],
    [3 * hour + 12 * minute, '3 h 12 min left'],
  ])('%i ms of a session are "%s"', (ms, text) => expect(formatTimeLeft(ms)).toBe(text))

  test.each([
    [0.2, '<1 ms'],
    [18.4, '18 ms'],
    [999.4, '999 ms'],
    [999.5, '1.0 s'],
    [1_240, '1.2 s'],
    [12_400, '12 s'],
  ])('an answer after %d ms took "%s"', (ms, text) => expect(formatLatency(ms)).toBe(text))

  test('what has just happened is not counted', () => {
    expect([1_000, 64_000].map(formatAgo)).toEqual(['just now', '64 s ago'])
  })
})

describe('paths', () => {
  test.each([
    ['/Users/sam/Library/Sandbox', '~/Library/Sandbox'],
    ['/Users/sam', '~'],
    ['/Volumes/Users/sam', '/Volumes/Users/sam'],
  ])('%s is shown as %s', (path, text) => expect(formatPath(path)).toBe(text))

  test('a name and its folder are told apart', () => {
    expect([baseNameOf('/a/b c/d.txt'), folderOf('/a/b c/d.txt')]).toEqual(['d.txt', 'a/b c'])
    expect([baseNameOf('/d.txt'), folderOf('/d.txt')]).toEqual(['d.txt', ''])
  })
})
