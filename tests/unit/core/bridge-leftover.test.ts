import { expect, test } from 'vitest'

import { isLeftover, type OwnContainer } from '../../../src-main/core/bridge-leftover.ts'

const nowMs = 10_000_000
const fresh = nowMs - 60_000
const old = nowMs - 180_000

test.each<[string, OwnContainer, boolean]>([
  ['runs, of the drive that starts', { driveId: 'a', state: 'running', createdAtMs: fresh }, true],
  ['was just made, of the drive that starts', { driveId: 'a', state: 'created', createdAtMs: fresh }, true],
  ['runs, of another drive', { driveId: 'b', state: 'running', createdAtMs: old }, false],
  ['was just made, of another drive', { driveId: 'b', state: 'created', createdAtMs: fresh }, false],
  ['was made long ago and never ran', { driveId: 'b', state: 'created', createdAtMs: old }, true],
  ['has just ended', { driveId: 'b', state: 'exited', createdAtMs: fresh }, false],
  ['ended long ago', { driveId: 'b', state: 'exited', createdAtMs: old }, true],
  ['ended long ago, of no drive', { driveId: undefined, state: 'dead', createdAtMs: old }, true],
])('a container that %s', (_case, container, expected) => {
  expect(isLeftover(container, { startingDriveId: 'a', nowMs })).toBe(expected)
})
