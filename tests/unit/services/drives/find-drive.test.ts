import { describe, expect, test } from 'vitest'

import { matchDrive, unknownDrive } from '../../../../src-main/services/drives/find-drive.ts'
import { aDrive } from '../../../fakes/fake-drive-list.ts'

const photos = aDrive()
const music = aDrive({ id: 'def567', name: 'Müsik', sourceDir: '/m', mountPoint: '/mnt/music' })
const dirs = { volumesDir: '/volumes' }

describe('a drive is meant by', () => {
  test.each([
    ['its id', 'abc234', '/cwd/abc234', photos],
    ['its name', 'Photos', '/cwd/Photos', photos],
    ['its name in other capitals', 'PHOTOS', '/cwd/PHOTOS', photos],
    ['its name with decomposed letters', 'Mu\u0308sik', '/cwd/x', music],
    ['its folder', '../m', '/m', music],
    ['its mount point', '/mnt/music', '/mnt/music', music],
    ['its default mount point', '/volumes/Photos', '/volumes/Photos', photos],
  ])('%s', (_how, text, path, drive) => {
    expect(matchDrive(text, path, [photos, music], dirs)).toBe(drive)
  })
})

test('a part of a name means no drive', () => {
  expect(matchDrive('Photo', '/cwd/Photo', [photos, music], dirs)).toBeUndefined()
})

test('two drives that fit equally are named, and none is chosen', () => {
  const other = aDrive({ id: 'zzz999', name: 'photos', sourceDir: '/other' })
  expect(() => matchDrive('PHOTOS', '/x', [photos, other], dirs)).toThrow(
    expect.objectContaining({
      code: 'drive-ambiguous',
      args: { name: 'PHOTOS', candidates: 'Photos (abc234), photos (zzz999)' },
    }),
  )
})

test.each([
  ['Photso', 'Photos'],
  ['phtos', 'Photos'],
  ['Musik', 'Müsik'],
  ['Accounting', undefined],
])('for %s the suggestion is %s', (text, suggestion) => {
  expect(unknownDrive(text, [photos, music]).args['suggestion']).toBe(suggestion)
})
