import { beforeEach, describe, expect, test } from 'vitest'

import type { FileEvent } from '../../../../src-main/services/vitals/sync/file-events.ts'
import {
  FilesOnTheirWay,
  type RecentFact,
} from '../../../../src-main/services/vitals/sync/files-on-their-way.ts'

let files: FilesOnTheirWay
let recent: RecentFact[]

beforeEach(() => {
  files = new FilesOnTheirWay()
  recent = []
  files.recent.on((fact) => recent.push(fact))
})

function save(path: string, id = 1, atMs = 1_000): void {
  files.hear({ type: 'saved', id, path, size: 3, atMs }, atMs)
}

function deliver(path: string, id = 1, atMs = 2_000): void {
  files.hear({ type: 'delivered', id, path, size: 3, savedMs: 1_000, atMs }, atMs)
}

function paths(): string[] {
  return files.delivered().map(({ path }) => path)
}

test('a file is on its way from its save to its object, and its lag is all of that', () => {
  save('/a')
  expect(files.count).toBe(1)
  expect(files.oldestMs(5_000)).toBe(4_000)
  expect(paths()).toEqual([])
  deliver('/a')
  expect(paths()).toEqual(['/a'])
  files.arrived(files.at('/a')!, 65_000)
  expect(files.count).toBe(0)
  expect(files.lastLagMs).toBe(64_000)
  expect(recent.map(({ what }) => what)).toEqual(['saved', 'delivered', 'in-s3'])
})

test('the delivery of an earlier save means nothing once there is a newer one', () => {
  save('/a', 1)
  save('/a', 2, 1_500)
  deliver('/a', 1)
  expect(paths()).toEqual([])
  deliver('/a', 2)
  expect(paths()).toEqual(['/a'])
})

test('a delivery of a save that nobody heard of is followed from then on, with the time of the save', () => {
  deliver('/a')
  expect(files.at('/a')).toMatchObject({ savedMs: 1_000, deliveredMs: 2_000 })
})

test('what was found out about a file that was saved again meanwhile is about another', () => {
  deliver('/a', 1)
  const before = files.at('/a')!
  save('/a', 2)
  files.arrived(before, 65_000)
  files.refused(before, 'S3AccessDenied', 65_000)
  files.drop(before)
  expect(files.count).toBe(1)
  expect(files.lastLagMs).toBeUndefined()
})

describe('what becomes of the path', () => {
  const gone: readonly (readonly [string, FileEvent, readonly string[]])[] = [
    ['removed', { type: 'removed', path: '/d/a' }, ['/d/b', '/da']],
    ['removed with its folder', { type: 'removed', path: '/d' }, ['/da']],
    ['renamed', { type: 'moved', from: '/d/a', to: '/x' }, ['/d/b', '/da', '/x']],
    ['renamed with its folder', { type: 'moved', from: '/d', to: '/e' }, ['/da', '/e/a', '/e/b']],
    ['replaced by another', { type: 'moved', from: '/d/a', to: '/d/b' }, ['/d/b', '/da']],
    ['replaced by what is not on its way', { type: 'moved', from: '/old', to: '/d/b' }, ['/d/a', '/da']],
    ['kept twice', { type: 'conflict', path: '/d/a', keptAs: '/d/a (2)' }, ['/d/a (2)', '/d/b', '/da']],
    ['given up', { type: 'discarded', id: 1, path: '/d/a' }, ['/d/b', '/da']],
    ['given up as another save', { type: 'discarded', id: 7, path: '/d/a' }, ['/d/a', '/d/b', '/da']],
  ]
  test.each(gone)('%s', (_, event, left) => {
    for (const path of ['/d/a', '/d/b', '/da']) deliver(path)
    files.hear(event, 3_000)
    expect(paths().sort()).toEqual(left)
  })

  test('a file that is renamed begins its search anew', () => {
    deliver('/a')
    const before = files.at('/a')
    files.hear({ type: 'moved', from: '/a', to: '/b' }, 3_000)
    expect(files.at('/b')).toMatchObject({ savedMs: 1_000, deliveredMs: 2_000 })
    expect(files.at('/b')).not.toBe(before)
  })
})

test('what needs attention is not on its way until it is delivered after all', () => {
  save('/a')
  const error = { code: 'permission-denied', args: {} } as const
  files.hear({ type: 'upload-attention', id: 1, path: '/a', error }, 2_000)
  expect(files.count).toBe(0)
  deliver('/a')
  expect(files.count).toBe(1)
})

test('what has not shown up within a day is forgotten', () => {
  deliver('/a')
  expect(files.forgetOld(1_000 + 24 * 3_600_000)).toBe(false)
  expect(files.forgetOld(1_001 + 24 * 3_600_000)).toBe(true)
  expect(files.count).toBe(0)
})

test('more than twenty thousand are not followed', () => {
  for (let file = 0; file < 20_100; file++) save(`/${file}`)
  expect(files.count).toBe(20_000)
})
