import { beforeEach, describe, expect, test, vi } from 'vitest'

import { createNotifier } from '../../../src-main/app/shell/notifier.ts'
import type { AppAction } from '../../../src-main/core/app-action.ts'
import { silentLogger } from '../../../src-main/lib/logger.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'
import { Notification } from '../../fakes/fake-electron.ts'
import { fakeMountbarApp, type FakeMountbarApp } from '../../fakes/fake-mountbar-app.ts'
import { driveOf, snapshotOf } from '../../fixtures/snapshots.ts'

vi.mock('electron', () => import('../../fakes/fake-electron.ts'))

let clock: FakeClock
let mountbar: FakeMountbarApp
let performed: AppAction[]
let isLooking: boolean
let notifier: Disposable

beforeEach(() => {
  Notification.all = []
  clock = new FakeClock()
  mountbar = fakeMountbarApp(
    snapshotOf({ drives: [driveOf({ id: 'd1', name: 'Photos' }), driveOf({ id: 'd2', name: 'Music' })] }),
  )
  performed = []
  isLooking = false
  notifier = createNotifier({
    app: mountbar,
    clock,
    logger: silentLogger,
    isLooking: () => isLooking,
    perform: (action) => performed.push(action),
  })
})

describe('a notification', () => {
  test.each(['click', 'action'])('does what it offers when it hears "%s"', async (event) => {
    mountbar.tell({ kind: 'drive-back', key: 'back:d1', driveId: 'd1' })
    await clock.advance(2_000)
    const [notification] = Notification.shown
    expect(notification?.actions).toEqual([{ type: 'button', text: 'Show in Finder' }])
    notification?.emit(event)
    expect(performed).toEqual([{ kind: 'reveal', driveId: 'd1' }])
  })

  test('is one for what comes at the same moment', async () => {
    mountbar.tell({ kind: 'drive-lost', key: 'lost:d1', driveId: 'd1' })
    mountbar.tell({ kind: 'drive-lost', key: 'lost:d2', driveId: 'd2' })
    await clock.advance(2_000)
    expect(Notification.shown.map(({ title, body }) => [title, body])).toEqual([
      ['2 drives do not answer', 'Photos, Music'],
    ])
  })

  test('is not shown twice within ten minutes', async () => {
    for (let times = 0; times < 3; times += 1) {
      mountbar.tell({ kind: 'drive-lost', key: 'lost:d1', driveId: 'd1' })
      await clock.advance(60_000)
    }
    expect(Notification.all).toHaveLength(1)
  })

  test('of a lost drive goes when the drive is back', async () => {
    mountbar.tell({ kind: 'drive-lost', key: 'lost:d1', driveId: 'd1' })
    await clock.advance(5_000)
    mountbar.tell({ kind: 'drive-back', key: 'back:d1', driveId: 'd1' })
    await clock.advance(5_000)
    expect(Notification.shown.map(({ title }) => title)).toEqual(['Photos is back'])
  })

  test('stays away while the popover is open', async () => {
    isLooking = true
    mountbar.tell({ kind: 'update-ready', key: 'update', version: '2.0.0' })
    await clock.advance(2_000)
    expect(Notification.all).toEqual([])
  })

  test('stays away when its kind is switched off', async () => {
    const { settings } = mountbar.snapshot()
    mountbar.publish({
      settings: { ...settings, notifications: { ...settings.notifications, 'update-ready': false } },
    })
    mountbar.tell({ kind: 'update-ready', key: 'update', version: '2.0.0' })
    await clock.advance(2_000)
    expect(Notification.all).toEqual([])
  })

  test('is neither left on the screen nor still to come when the app has ended', async () => {
    mountbar.tell({ kind: 'drive-lost', key: 'lost:d1', driveId: 'd1' })
    await clock.advance(2_000)
    mountbar.tell({ kind: 'drive-lost', key: 'lost:d2', driveId: 'd2' })
    notifier[Symbol.dispose]()
    await clock.advance(2_000)
    expect(Notification.shown).toEqual([])
    expect(clock.pendingCount).toBe(0)
  })
})
