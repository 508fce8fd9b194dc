import { expect, test } from 'vitest'

import { FrontEvents } from '../../../../src-main/front/process/front-events.ts'
import { AppError } from '../../../../src-main/shared/errors.ts'
import type { FrontEvent } from '../../../../src-main/shared/front-protocol.ts'

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
  const events = new FrontEvents()
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

test('a stall is told with its operation and its end with its length', () => {
  const events = new FrontEvents()
  const heard: FrontEvent[] = []
  events.on((event) => heard.push(event), false)
  expect(events.health).toBe('ok')
  events.stalled('list')
  expect(events.health).toBe('stalled')
  events.recovered(1_500)
  expect(events.health).toBe('ok')
  expect(heard).toEqual([
    { type: 'stalled', operation: 'list' },
    { type: 'recovered', afterMs: 1_500 },
  ])
})

test('a warning carries its code and its facts, not its cause', () => {
  const events = new FrontEvents()
  const heard: FrontEvent[] = []
  events.on((event) => heard.push(event), false)
  events.warning(
    new AppError('front-state-unreadable', { path: '/x' }, { cause: new Error('secret detail') }),
  )
  expect(heard).toEqual([
    { type: 'warning', error: { code: 'front-state-unreadable', args: { path: '/x' } } },
  ])
})
