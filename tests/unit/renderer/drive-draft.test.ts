import { describe, expect, test } from 'vitest'

import { driveChangesSchema } from '../../../src-main/shared/app/commands.ts'
import { changesOf, draftOf, problemsOf } from '../../../src-renderer/features/settings/drive-draft.ts'
import { driveOf } from '../../fixtures/snapshots.ts'

const gib = 1024 ** 3
const drive = driveOf()
const draft = draftOf(drive)

test('a form that nobody touched changes nothing', () => {
  expect(problemsOf(draft)).toEqual({})
  expect(changesOf(drive, draft)).toEqual({})
})

test('sizes that nobody touched keep their bytes, however odd', () => {
  const odd = driveOf({ contentCacheBytes: 1_234_567_890 })
  expect(changesOf(odd, { ...draftOf(odd), name: 'New' })).toEqual({ name: 'New' })
})

test('only what was changed is sent, and main can read it', () => {
  const changes = changesOf(drive, {
    ...draft,
    name: ' Pictures ',
    mountPoint: '/Users/sam/Pictures',
    readOnly: true,
    autoMount: false,
    writeMode: 'write-through',
    cacheGib: '0',
    spoolGib: '1.5',
  })
  expect(changes).toEqual({
    name: 'Pictures',
    mountPoint: '/Users/sam/Pictures',
    readOnly: true,
    autoMount: false,
    writeMode: 'write-through',
    contentCacheBytes: 0,
    spoolMaxBytes: 1.5 * gib,
  })
  expect(driveChangesSchema.safeParse(changes).success).toBe(true)
})

describe('what main would refuse is said before it is asked', () => {
  test.each([
    [{ name: '  ' }, 'name'],
    [{ name: 'x'.repeat(201) }, 'name'],
    [{ mountPoint: 'Pictures' }, 'mountPoint'],
    [{ cacheGib: '' }, 'cacheGib'],
    [{ cacheGib: '-1' }, 'cacheGib'],
    [{ cacheGib: 'many' }, 'cacheGib'],
    [{ spoolGib: '0' }, 'spoolGib'],
    [{ spoolGib: '' }, 'spoolGib'],
  ])('%j has a problem with its %s', (parts, key) => {
    expect(Object.keys(problemsOf({ ...draft, ...parts }))).toEqual([key])
  })
})
