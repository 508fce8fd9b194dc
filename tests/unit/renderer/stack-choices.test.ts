import { expect, test } from 'vitest'

import { newFileSystemSchema } from '../../../src-main/shared/app/commands.ts'
import {
  driveNameOf,
  driveOfStack,
  stackChoices,
} from '../../../src-renderer/features/add-drive/stack-choices.ts'
import { stackChoice } from '../../fixtures/snapshots.ts'

const fileSystem = stackChoice.fileSystem!
const where = { profile: undefined, region: 'eu-central-1' }

test('a drive of a stack is what main takes, with the instance that leads there where there is one', () => {
  const drive = driveOfStack(where, fileSystem, 'Photos')
  expect(newFileSystemSchema.parse(drive)).toEqual({ ...drive, remotePath: '/' })
  expect(drive).not.toHaveProperty('throughInstanceId')
  const through = { ...fileSystem, throughInstanceId: 'i-0123456789abcdef0' }
  expect(newFileSystemSchema.parse(driveOfStack(where, through, 'Photos'))).toMatchObject({
    throughInstanceId: 'i-0123456789abcdef0',
  })
})

test.each([
  ['archive/', 'archive'],
  ['photos/2026/', '2026'],
  ['', 'studio-photos'],
  ['/', 'studio-photos'],
])('a drive of the prefix %j is called %j', (prefix, name) => {
  expect(driveNameOf({ ...fileSystem, prefix })).toBe(name)
})

test('what cannot be mounted yet comes last, and cannot be chosen', () => {
  const choices = stackChoices([{ ...stackChoice, name: 'a', fileSystem: undefined }, stackChoice])
  expect(choices.map(({ value, disabled }) => [value, disabled])).toEqual([
    ['mountbar-photos', false],
    ['a', true],
  ])
})
