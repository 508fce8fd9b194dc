import { expect, test } from 'vitest'

import { newStackSchema } from '../../../src-main/shared/app/stacks.ts'
import { newStackOf, stackProblemsOf } from '../../../src-renderer/features/stacks/stack-draft.ts'
import { emptyStackDraft, type StackDraft } from '../../../src-renderer/stores/new-stack-store.ts'

const draft: StackDraft = { ...emptyStackDraft, region: 'eu-central-1', name: 'mountbar-photos' }

test.each<[Partial<StackDraft>, readonly string[]]>([
  [{}, []],
  [{ bucketName: 'my.bucket-1' }, []],
  [{ region: 'somewhere' }, ['region']],
  [{ name: '' }, ['name']],
  [{ name: '1st' }, ['name']],
  [{ bucketKind: 'existing' }, ['bucketName']],
  [{ bucketName: 'Photos' }, ['bucketName']],
  [{ bucketName: 'ab' }, ['bucketName']],
  [{ prefix: 'x'.repeat(512) }, ['prefix']],
  [{ profile: 'p'.repeat(257) }, ['profile']],
])('%j is wrong in %j', (part, wrong) => {
  expect(Object.keys(stackProblemsOf({ ...draft, ...part }))).toEqual(wrong)
})

test.each<[string, string]>([
  ['', ''],
  ['/', ''],
  ['photos', 'photos/'],
  ['/photos//2026/', 'photos/2026/'],
])('the folder %j is the prefix %j', (typed, prefix) => {
  expect(newStackOf({ ...draft, prefix: typed }).prefix).toBe(prefix)
})

test.each<[Partial<StackDraft>, object]>([
  [{}, { kind: 'new' }],
  [{ bucketName: 'mine' }, { kind: 'new', name: 'mine' }],
  [
    { bucketKind: 'existing', bucketName: 'mine' },
    { kind: 'existing', name: 'mine' },
  ],
])('%j asks for the bucket %j, in a shape that main takes', (part, bucket) => {
  const stack = newStackOf({ ...draft, ...part })
  expect(stack.bucket).toEqual(bucket)
  expect(newStackSchema.parse(stack)).toMatchObject({ region: 'eu-central-1', name: 'mountbar-photos' })
})
