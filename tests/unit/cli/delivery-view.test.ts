import { expect, test } from 'vitest'

import { DeliveryView } from '../../../src-main/cli/output/delivery-view.ts'
import type { UploadInfo } from '../../../src-main/shared/front-protocol.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'
import { FakeTerminal } from '../../fakes/fake-terminal.ts'
import { anUpload, noUploads } from '../../fixtures/uploads.ts'

function aReport(changes: Partial<UploadInfo> = {}) {
  const totals = { ...noUploads, pending: 1, pendingBytes: 4_000, bytesPerSec: 1_500.4, oldestAgeMs: 65_000 }
  return { uploads: [anUpload(changes)], totals }
}

const stalled = { error: { code: 'stalled', args: {} } } as const

test('a terminal gets one line per drive, drawn over itself, until the drive is done', () => {
  const terminal = new FakeTerminal({ isInteractive: true })
  const view = new DeliveryView(terminal, new FakeClock(), 'Ctrl-C leaves.')
  view.show('Photos', aReport(stalled))
  view.show('Music', aReport())
  view.remove('Photos')
  view.remove('Photos')
  expect(terminal.drawn).toEqual([
    ['Photos: 1 file · 4.0 kB · 1.5 kB/s · oldest 1 min · No answer'],
    [
      'Photos: 1 file · 4.0 kB · 1.5 kB/s · oldest 1 min · No answer',
      'Music: 1 file · 4.0 kB · 1.5 kB/s · oldest 1 min',
    ],
    ['Music: 1 file · 4.0 kB · 1.5 kB/s · oldest 1 min'],
  ])
  expect(terminal.err).toEqual([
    'Delivering 1 saved file (4.0 kB) of Photos … Ctrl-C leaves.',
    'Delivering 1 saved file (4.0 kB) of Music … Ctrl-C leaves.',
  ])
})

test('a pipe gets a note at the start, when what is in the way changes, and every half minute', async () => {
  const terminal = new FakeTerminal()
  const clock = new FakeClock()
  const view = new DeliveryView(terminal, clock, 'Ctrl-C leaves.')
  const counts: number[] = []
  for (const [seconds, changes] of [
    [0, {}],
    [1, {}],
    [1, stalled],
    [1, stalled],
    [29, stalled],
    [1, {}],
  ] as const) {
    await clock.advance(seconds * 1_000)
    view.show('Photos', aReport(changes))
    counts.push(terminal.err.length)
  }
  expect(counts).toEqual([1, 1, 2, 2, 3, 4])
  expect(terminal.err[1]).toBe('Photos: 1 file · 4.0 kB · 1.5 kB/s · oldest 1 min · No answer')
})
