import { expect, test } from 'vitest'

import { FrontEvents } from '../../../../src-main/front/process/front-events.ts'
import { parsePath } from '../../../../src-main/front/vfs/path.ts'
import { AppError } from '../../../../src-main/shared/errors.ts'
import { frontEventSchema, type FrontEvent } from '../../../../src-main/shared/front-protocol.ts'

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
  events.healthChanged('stalled')
  events.stalled('list')
  expect(events.health).toBe('stalled')
  events.healthChanged('ok')
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

test('of uploads all is told that becomes of files, and nothing of attempts', () => {
  const events = new FrontEvents()
  const told: FrontEvent[] = []
  events.on((event) => told.push(event), false)
  const error = { code: 'permission-denied', args: {} } as const
  const path = parsePath('/a.txt')
  const keptAs = parsePath('/a (conflict).txt')
  events.upload({ type: 'accepted', id: 1, path, size: 3, acceptedMs: 10 })
  events.upload({ type: 'retrying', id: 1, path, error, inMs: 100 })
  events.upload({ type: 'attention', id: 1, path, error })
  events.upload({ type: 'conflict', id: 1, path, keptAs })
  events.upload({ type: 'delivered', id: 1, path, size: 3, acceptedMs: 10, atMs: 20 })
  events.upload({ type: 'moved', from: path, to: keptAs })
  events.upload({ type: 'removed', path })
  events.upload({ type: 'discarded', id: 1, path })
  expect(told).toEqual([
    { type: 'saved', id: 1, path, size: 3, atMs: 10 },
    { type: 'upload-attention', id: 1, path, error },
    { type: 'conflict', path, keptAs },
    { type: 'delivered', id: 1, path, size: 3, savedMs: 10, atMs: 20 },
    { type: 'moved', from: path, to: keptAs },
    { type: 'removed', path },
    { type: 'discarded', id: 1, path },
  ])
  expect(told.map((event) => frontEventSchema.parse(event))).toEqual(told)
})
