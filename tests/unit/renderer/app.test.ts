import { describe, expect, test } from 'vitest'

import type { Condition } from '../../../src-main/shared/app/snapshot.ts'
import { announcementsOf } from '../../../src-renderer/app/announcements.ts'
import { bySeverity } from '../../../src-renderer/app/conditions-order.ts'
import { engineChoices } from '../../../src-renderer/features/settings/engine-choices.ts'
import { withSnapshot, type AppState } from '../../../src-renderer/stores/app-store.ts'
import { driveOf, mountedDriveOf, snapshotOf } from '../../fixtures/snapshots.ts'

const condition: Condition = {
  id: 'engine',
  severity: 'error',
  error: { code: 'engine-not-running', args: {} },
  fix: undefined,
}

describe('the mirror', () => {
  const nothing: AppState = { snapshot: undefined, receivedAtMs: 0, failure: condition.error }

  test('takes the first snapshot, whatever its revision, and forgets why there was none', () => {
    const snapshot = snapshotOf({ revision: 0 })
    expect(withSnapshot(nothing, snapshot, 5)).toEqual({ snapshot, receivedAtMs: 5, failure: undefined })
  })

  test.each([
    [4, false],
    [5, false],
    [6, true],
  ])('after revision 5, takes revision %i: %s', (revision, taken) => {
    const before = withSnapshot(nothing, snapshotOf({ revision: 5 }), 1)
    expect(withSnapshot(before, snapshotOf({ revision }), 2) !== before).toBe(taken)
  })
})

describe('what is said to a screen reader', () => {
  const trouble = { error: { code: 'stalled', args: {} }, fix: undefined } as const

  test('numbers that tick are not', () => {
    const drive = mountedDriveOf()
    const ticked = mountedDriveOf({ vitals: { ...drive.vitals, bytesInPerSec: 7 } })
    expect(announcementsOf(snapshotOf({ drives: [drive] }), snapshotOf({ drives: [ticked] }))).toEqual([])
  })

  test('states, steps, troubles and conditions are, once each', () => {
    const before = snapshotOf({ drives: [driveOf()] })
    const mounting = snapshotOf({
      drives: [driveOf({ state: { kind: 'preparing', step: 'connecting' } })],
      conditions: [condition],
    })
    const mounted = snapshotOf({ drives: [mountedDriveOf({ trouble })], conditions: [condition] })
    expect(announcementsOf(before, mounting)).toEqual([
      'Photo archive: Connecting to S3 Files',
      'The container engine is not running',
    ])
    expect(announcementsOf(mounting, mounted)).toEqual(['Photo archive: Mounted', 'Photo archive: No answer'])
    expect(announcementsOf(mounted, mounted)).toEqual([])
  })

  test('a drive that was just added is not news', () => {
    expect(announcementsOf(snapshotOf(), snapshotOf({ drives: [driveOf()] }))).toEqual([])
  })
})

test('the worst condition comes first', () => {
  const conditions = (['info', 'error', 'warning', 'error'] as const).map((severity, index) => ({
    ...condition,
    id: String(index),
    severity,
  }))
  expect(conditions.toSorted(bySeverity).map(({ id }) => id)).toEqual(['1', '3', '2', '0'])
})

test('an engine that was chosen and is gone can still be seen and left', () => {
  const { engine } = snapshotOf()
  expect(engineChoices(engine).map(({ label }) => label)).toEqual([
    'Whichever is found',
    'Docker Desktop',
    'Colima',
  ])
  const gone = engineChoices({ ...engine, chosen: 'unix:///Users/sam/.orbstack/run/docker.sock' })
  expect(gone.at(-1)).toEqual({
    value: 'unix:///Users/sam/.orbstack/run/docker.sock',
    label: 'Chosen before, not found now',
    detail: '~/.orbstack/run/docker.sock',
  })
})
