import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { newFileSystemSchema } from '../../../src-main/shared/app/commands.ts'
import {
  fileSystemChoices,
  serverOf,
  serverValue,
  suggestedNameOf,
} from '../../../src-renderer/features/add-drive/choices.ts'
import {
  emptyDraft,
  fileSystemOf,
  fileSystemsQuery,
  problemsOf,
  waysInQuery,
} from '../../../src-renderer/features/add-drive/file-system-draft.ts'
import { drawn } from '../../harness/drawn.ts'

const draft = {
  ...emptyDraft,
  profile: 'studio',
  region: 'eu-central-1',
  fileSystemId: 'fs-0a1b2c3d4e5f60718',
  host: 's3files.example',
}

test('a whole draft becomes what main asks for', () => {
  expect(problemsOf(draft)).toEqual({})
  expect(fileSystemOf(draft, 'Photos')).toEqual({
    name: 'Photos',
    profile: 'studio',
    region: 'eu-central-1',
    fileSystemId: 'fs-0a1b2c3d4e5f60718',
    remotePath: '/',
    server: { host: 's3files.example', port: 2049 },
  })
})

test('an empty form says everything that is missing', () => {
  expect(Object.keys(problemsOf(emptyDraft))).toEqual(['region', 'fileSystemId', 'host'])
})

test('whatever the form lets through, main can read', () => {
  const odd = (typical: string): fc.Arbitrary<string> =>
    fc.oneof(
      { arbitrary: fc.constant(typical), weight: 12 },
      fc.string(),
      fc.constant(`${typical} `),
      fc.constant(''),
    )
  const drafts = fc.record({
    profile: odd('studio'),
    region: odd('eu-central-1'),
    fileSystemId: odd('fs-0a1b2c3d4e5f60718'),
    host: odd('s3files.example'),
    port: odd('2049'),
    accessPointId: odd('fsap-0123456789abcdef0'),
    remotePath: odd('/a'),
    name: fc.oneof(odd('Photos'), fc.string({ minLength: 190, maxLength: 400 })),
  })
  fc.assert(
    fc.property(drafts, (typed) => {
      fc.pre(Object.keys(problemsOf(typed)).length === 0)
      expect(newFileSystemSchema.safeParse(fileSystemOf(typed, 'Photos')).error).toBeUndefined()
    }),
    drawn(2_000),
  )
})

describe('AWS is asked', () => {
  test('for file systems as soon as the region is whole', () => {
    expect(fileSystemsQuery({ ...emptyDraft, region: 'eu-centr' })).toBeUndefined()
    expect(fileSystemsQuery({ ...emptyDraft, region: 'eu-central-1' })).toEqual({ region: 'eu-central-1' })
  })

  test('for ways in as soon as the file system is known', () => {
    expect(waysInQuery({ ...draft, fileSystemId: 'fs-' })).toBeUndefined()
    expect(waysInQuery(draft)).toEqual({
      profile: 'studio',
      region: 'eu-central-1',
      fileSystemId: 'fs-0a1b2c3d4e5f60718',
    })
  })
})

describe('choices', () => {
  const found = { name: undefined, bucket: 'b', prefix: '', status: 'available', statusMessage: undefined }

  test('what can be mounted comes first, and what cannot says why', () => {
    const choices = fileSystemChoices([
      { ...found, fileSystemId: 'fs-1', status: 'error', statusMessage: 'bucket is gone' },
      { ...found, fileSystemId: 'fs-2', bucket: 'z', prefix: 'p/' },
      { ...found, fileSystemId: 'fs-3', name: 'Photos' },
    ])
    expect(choices).toEqual([
      { value: 'fs-3', label: 'Photos', detail: 'b · fs-3' },
      { value: 'fs-2', label: 'z', detail: 'z/p/ · fs-2' },
      { value: 'fs-1', label: 'b', detail: 'b · fs-1 · error: bucket is gone' },
    ])
  })

  test.each([
    ['10.0.0.1', 2049],
    ['fd00::7', 20490],
  ])('a server %s:%i is found again in its choice', (host, port) => {
    expect(serverOf(serverValue(host, port))).toEqual({ host, port: String(port) })
  })

  test('a drive that nobody named is called after what it shows', () => {
    expect(suggestedNameOf({ ...found, fileSystemId: 'fs-1' }, 'fs-1')).toBe('b')
    expect(suggestedNameOf(undefined, 'fs-1')).toBe('fs-1')
    expect(suggestedNameOf(undefined, '')).toBe('S3 Files')
  })
})

test('what is chosen of the ways in says which instance it leads through; what is typed does not', () => {
  const server = { host: '10.0.12.7', port: 2049, label: 'Session', throughInstanceId: 'i-0123456789abcdef0' }
  const waysIn = { servers: [server], accessPoints: [] }
  const typed = { ...emptyDraft, host: '10.0.12.7', port: '2049' }
  expect(fileSystemOf(typed, 'x', waysIn).throughInstanceId).toBe('i-0123456789abcdef0')
  expect(fileSystemOf({ ...typed, host: '10.0.0.1' }, 'x', waysIn)).not.toHaveProperty('throughInstanceId')
})
