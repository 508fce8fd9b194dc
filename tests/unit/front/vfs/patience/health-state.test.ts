import { describe, expect, test } from 'vitest'

import {
  initialHealth,
  nextHealth,
  type HealthEvent,
  type HealthKind,
  type HealthState,
} from '../../../../../src-main/front/vfs/patience/health-state.ts'

const good: HealthEvent = { type: 'answered', tookMs: 20 }
const late: HealthEvent = { type: 'answered', tookMs: 4_000 }
const bytes: HealthEvent = { type: 'answered', tookMs: undefined }
const failed: HealthEvent = { type: 'failed', by: 'client', operation: 'read' }
const probeFailed: HealthEvent = { type: 'failed', by: 'probe', operation: 'statfs' }
const silent: HealthEvent = { type: 'silent', operation: 'list' }

/** One event every 10 s, so that no call was under way when the one before was answered. */
function follow(events: readonly HealthEvent[]): HealthState {
  return events.reduce((state, event, index) => nextHealth(state, event, (index + 1) * 10_000), initialHealth)
}

const table: readonly (readonly [HealthKind, string, readonly HealthEvent[]])[] = [
  ['ok', 'good answers', [good, good]],
  ['ok', 'two late answers', [late, late]],
  ['ok', 'two failures', [failed, failed]],
  ['ok', 'late answers with a good one between them', [late, late, good, late, late]],
  ['ok', 'bytes, however long they take', [bytes, bytes, bytes, bytes]],
  ['slow', 'three late answers', [late, late, late]],
  ['slow', 'three failures', [failed, failed, failed]],
  ['slow', 'late answers and failures mixed', [late, failed, late]],
  ['slow', 'slow, then two good answers', [late, late, late, good, good]],
  [
    'slow',
    'slow, then good answers with a late one between them',
    [late, late, late, good, good, late, good],
  ],
  ['slow', 'failures of clients, however many', [failed, failed, failed, failed, failed, failed, failed]],
  ['ok', 'slow, then three good answers', [late, late, late, good, good, good]],
  ['stalled', 'silence', [silent]],
  ['stalled', 'silence after slowness', [late, late, late, silent]],
  ['stalled', 'silence, and a failure of one client', [silent, failed]],
  ['stalled', 'a minute of silence, not yet over', [silent, silent, silent, silent, silent, silent]],
  ['down', 'a minute of silence', [silent, silent, silent, silent, silent, silent, silent]],
  ['down', 'failures that the probe confirms', [failed, failed, failed, probeFailed]],
  ['down', 'silence, then a probe that fails', [silent, probeFailed]],
  ['down', 'down, then silence and failures', [silent, probeFailed, silent, failed, probeFailed]],
  ['ok', 'silence, then an answer', [silent, good]],
  ['ok', 'down, then an answer', [silent, probeFailed, good]],
]

describe('the health of a backend', () => {
  test.each(table)('is %s after %s', (kind, _title, events) => {
    expect(follow(events).kind).toBe(kind)
  })

  test('keeps when the silence began, and what was asked then, when it becomes down', () => {
    const stalled = nextHealth(initialHealth, silent, 1_000)
    const down = nextHealth(stalled, probeFailed, 9_000)
    expect(down).toEqual({ kind: 'down', sinceMs: 1_000, operation: 'list' })
  })

  test('does not count the answers of calls that a stall has held up', () => {
    const stalled = nextHealth(initialHealth, silent, 10_000)
    const heldUp: HealthEvent = { type: 'answered', tookMs: 25_000 }
    const after = [1, 2, 3, 4].reduce((state) => nextHealth(state, heldUp, 30_000), stalled)
    expect(after).toEqual({ kind: 'ok', sinceMs: 30_000, bad: 0 })
  })

  test('is the same object when nothing changes', () => {
    for (const state of [initialHealth, nextHealth(initialHealth, silent, 1_000)]) {
      const event = state.kind === 'ok' ? good : silent
      expect(nextHealth(state, event, 2_000)).toBe(state)
    }
  })
})
