import { expect, test } from 'vitest'

import { FrontEvents } from '../../../../src-main/front/process/front-events.ts'
import type { FrontEvent } from '../../../../src-main/shared/front-protocol.ts'
import { FakeClock } from '../../../fakes/fake-clock.ts'

const record = {
  method: 'GET',
  path: '/a',
  status: 200,
  ms: 1,
  bytesIn: 1,
  bytesOut: 2,
  manner: 'macos',
} as const

test('requests are told only to those who asked for them, and only while they listen', () => {
  const events = new FrontEvents(new FakeClock())
  const everything: FrontEvent[] = []
  const rest: FrontEvent[] = []
  const listening = events.on((event) => everything.push(event), true)
  events.on((event) => rest.push(event), false)
  events.request(record)
  listening[Symbol.dispose]()
  events.request(record)
  expect(everything).toEqual([{ type: 'request', ...record }])
  expect(rest).toEqual([])
})

test('a stall is told with its operation and its end with its length', async () => {
  const clock = new FakeClock()
  const events = new FrontEvents(clock)
  const heard: FrontEvent[] = []
  events.on((event) => heard.push(event), false)
  expect(events.health).toBe('ok')
  events.stalled('list')
  await clock.advance(1_500)
  events.stalled('stat')
  expect(events.health).toBe('stalled')
  events.recovered()
  expect(events.health).toBe('ok')
  expect(heard).toEqual([
    { type: 'stalled', operation: 'list' },
    { type: 'stalled', operation: 'stat' },
    { type: 'recovered', afterMs: 1_500 },
  ])
})
