import { expect, test } from 'vitest'

import { next, type DriveEvent } from '../../../src-main/core/drive-state.ts'
import type { DriveState } from '../../../src-main/shared/drive-state.ts'
import { documentAt, sectionOf } from './markdown.ts'

const error = { code: 'front-died', args: {} } as const

/** Every state, with each of its data that decides what an event does to it. */
const states: readonly DriveState[] = [
  { kind: 'unmounted' },
  { kind: 'preparing', step: 'checking' },
  { kind: 'mounted', path: '/v' },
  { kind: 'mounted', path: '/v', degraded: 'front-stalled' },
  { kind: 'unmounting' },
  { kind: 'delivering' },
  { kind: 'failed', error },
]

const events: readonly DriveEvent[] = [
  { type: 'mount-requested' },
  { type: 'step-started', step: 'mounting' },
  { type: 'mount-done', path: '/w' },
  { type: 'front-stalled' },
  { type: 'front-recovered' },
  { type: 'front-down' },
  { type: 'unmount-requested' },
  { type: 'delivery-started' },
  { type: 'unmount-done' },
  { type: 'unmount-refused', path: '/w' },
  { type: 'volume-gone' },
  { type: 'failed', error },
]

test('the diagram of a drive in ARCHITECTURE.md has the transitions of the real one', () => {
  const real = states.flatMap((state) =>
    events.flatMap((event) => {
      const after = next(state, event)
      return after !== state ? [`${state.kind} --> ${after.kind}: ${event.type}`] : []
    }),
  )
  expect(drawnTransitions()).toEqual([...new Set(real)].sort())
})

/** One line per event, from the first diagram of the section. */
function drawnTransitions(): readonly string[] {
  const section = sectionOf(documentAt('ARCHITECTURE.md'), 'States')
  const diagram = /```mermaid\nstateDiagram-v2\n([\s\S]*?)```/.exec(section)![1]!
  return [...diagram.matchAll(/^ *(\w+ --> \w+): (.+)$/gm)]
    .flatMap(([, move, names]) => names!.split(', ').map((name) => `${move!}: ${name}`))
    .sort()
}
