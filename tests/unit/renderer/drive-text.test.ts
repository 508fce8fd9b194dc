import { describe, expect, test } from 'vitest'

import { preparingSteps, type DriveState } from '../../../src-main/shared/drive-state.ts'
import {
  historyTextOf,
  removalTextOf,
  sourceTextOf,
  stateTextOf,
  syncTextOf,
  troubleOf,
} from '../../../src-renderer/features/drives/drive-text.ts'
import { driveOf, mountedDriveOf, sandboxOf } from '../../fixtures/snapshots.ts'

describe('the state of a drive', () => {
  const error = { code: 'front-died', args: {} } as const
  test.each<[DriveState, string, string]>([
    [{ kind: 'unmounted' }, 'idle', 'Not mounted'],
    [{ kind: 'mounted', path: '/v' }, 'good', 'Mounted'],
    [{ kind: 'mounted', path: '/v', degraded: 'front-stalled' }, 'warning', 'Mounted, waiting for an answer'],
    [{ kind: 'mounted', path: '/v', degraded: 'front-down' }, 'warning', 'Mounted, starting again'],
    [{ kind: 'unmounting' }, 'busy', 'Unmounting'],
    [{ kind: 'delivering' }, 'busy', 'Delivering what was saved'],
    [{ kind: 'failed', error }, 'error', 'Could not be mounted'],
  ])('%j is %s: "%s"', (state, tone, text) => {
    expect(stateTextOf(driveOf({ state }))).toEqual({ tone, text })
  })

  test('a drive that may not be changed says so', () => {
    expect(stateTextOf(mountedDriveOf({ readOnly: true })).text).toBe('Mounted, read-only')
  })

  test('what is left to deliver is counted', () => {
    const uploads = { ...mountedDriveOf().uploads, pending: 12, pendingBytes: 240_000_000 }
    expect(stateTextOf(driveOf({ state: { kind: 'delivering' }, uploads })).text).toBe(
      'Delivering 12 files, 240 MB',
    )
  })

  test('each step of mounting has words of its own, and the next number', () => {
    const texts = preparingSteps.map((step) => stateTextOf(driveOf({ state: { kind: 'preparing', step } })))
    expect(texts.map(({ progress }) => progress)).toEqual(
      preparingSteps.map((_, index) => ({ step: index + 1, of: 6 })),
    )
    expect(new Set(texts.map(({ text }) => text)).size).toBe(6)
  })

  test('a Sandbox has three steps only', () => {
    const state = { kind: 'preparing', step: 'mounting' } as const
    expect(stateTextOf(sandboxOf({ state })).progress).toEqual({ step: 3, of: 3 })
  })
})

describe('where the files of a drive are', () => {
  const { source } = driveOf()
  test.each([
    [source, 'studio-photos/archive · eu-central-1'],
    [{ ...source, remotePath: '/2026/' }, 'studio-photos/archive/2026 · eu-central-1'],
    [{ ...source, bucket: undefined }, 'fs-0a1b2c3d4e5f60718 · eu-central-1'],
    [{ kind: 'sandbox', dir: '/Users/sam/Docs' }, '~/Docs'],
  ] as const)('%j is shown as %s', (shown, text) => expect(sourceTextOf(shown)).toBe(text))
})

describe('sync lag', () => {
  test.each([
    [
      { lastLagMs: 64_000, pending: 3, oldestMs: 12_000 },
      { lag: 'in S3 after 64 s', pending: '3 files on their way', oldest: '12 s' },
    ],
    [
      { lastLagMs: 64_000, pending: 1, oldestMs: 300_000 },
      { lag: 'in S3 after 64 s', pending: '1 file on its way', oldest: '5 min' },
    ],
    [
      { lastLagMs: 64_000, pending: 0, oldestMs: 0 },
      { lag: 'in S3 after 64 s', pending: 'all in S3', oldest: '' },
    ],
    [
      { lastLagMs: undefined, pending: 2, oldestMs: 4_000 },
      { lag: 'first export', pending: '2 files on their way', oldest: '4 s' },
    ],
    [
      { lastLagMs: undefined, pending: 0, oldestMs: 0 },
      { lag: 'nothing saved yet', pending: '', oldest: '' },
    ],
  ])('%j reads %j', (sync, text) => expect(syncTextOf({ ...sync, isSimulated: false })).toEqual(text))
})

test('the graph of latencies has words', () => {
  expect(historyTextOf([16, null, 58, 18])).toBe('Latency of the last 15 minutes: 16 ms to 58 ms')
  expect(historyTextOf([null])).toBe('Latency of the last 15 minutes: not measured yet')
})

describe('what is wrong with a drive', () => {
  const error = { code: 'source-missing', args: {} } as const
  test('a drive that failed can be tried again where main knows nothing better', () => {
    const drive = driveOf({ state: { kind: 'failed', error } })
    expect(troubleOf(drive)).toEqual({ error, fix: { kind: 'mount', driveId: 'photos' } })
  })

  test('what main says comes first, and a drive that is well has none', () => {
    const trouble = { error, fix: undefined }
    expect(troubleOf(driveOf({ state: { kind: 'failed', error }, trouble }))).toBe(trouble)
    expect(troubleOf(mountedDriveOf())).toBeUndefined()
  })
})

test('before a drive is removed, all that would be lost is counted', () => {
  const { uploads } = driveOf()
  const texts = [uploads, { ...uploads, attention: 1 }, { ...uploads, pending: 3, attention: 1 }].map(
    (counts) => removalTextOf(driveOf({ uploads: counts })),
  )
  expect(texts).toEqual([
    'It leaves the list. Its files stay in S3.',
    '1 file that was saved to it has not been delivered, and would be lost for good. Its files stay in S3.',
    '4 files that were saved to it have not been delivered, and would be lost for good. Its files stay in S3.',
  ])
})
