import { EventEmitter } from 'node:events'

import { beforeEach, describe, expect, test } from 'vitest'

import { createUpdates, type ShellUpdates, type UpdaterLibrary } from '../../../src-main/app/shell/updater.ts'
import { silentLogger } from '../../../src-main/lib/logger.ts'
import type { UpdateView } from '../../../src-main/shared/app/snapshot.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'

const hourMs = 60 * 60_000

class FakeUpdater extends EventEmitter implements UpdaterLibrary {
  allowPrerelease = false
  autoDownload = false
  autoInstallOnAppQuit = false
  logger = null
  checks: boolean[] = []
  installed = 0
  fails = false
  checkForUpdates(): Promise<null> {
    this.checks.push(this.allowPrerelease)
    return this.fails ? Promise.reject(new Error('no network')) : Promise.resolve(null)
  }
  quitAndInstall(): void {
    this.installed += 1
  }
}

let clock: FakeClock
let library: FakeUpdater
let loads: number
let quits: number

beforeEach(() => {
  clock = new FakeClock()
  library = new FakeUpdater()
  loads = 0
  quits = 0
})

describe('updates', () => {
  test('are looked for a while after the start, and every six hours', async () => {
    using _updates = open()
    expect(loads).toBe(0)
    await clock.advance(2 * 60_000)
    expect([loads, library.checks.length]).toEqual([1, 1])
    await clock.advance(12 * hourMs)
    expect([loads, library.checks.length]).toEqual([1, 3])
  })

  test('are never looked for by an app that is not installed', async () => {
    using updates = open(false)
    await clock.advance(24 * hourMs)
    expect([loads, clock.pendingCount, updates.view]).toEqual([0, 0, { kind: 'none' }])
  })

  test('are looked for again after a failure', async () => {
    using _updates = open()
    library.fails = true
    await clock.advance(2 * 60_000)
    await clock.advance(6 * hourMs)
    expect(library.checks).toHaveLength(2)
  })

  test('are shown from the first byte until they are ready, a whole percent at a time', async () => {
    using updates = open()
    const views: UpdateView[] = []
    updates.changed.on((view) => views.push(view))
    await clock.advance(2 * 60_000)
    library.emit('update-available', { version: '2.0.0' })
    for (const percent of [0.2, 41.2, 41.9, 42]) library.emit('download-progress', { percent })
    library.emit('update-downloaded', { version: '2.0.0' })
    library.emit('update-not-available')
    library.emit('error')
    expect(views).toEqual([
      { kind: 'downloading', version: '2.0.0', percent: 0 },
      { kind: 'downloading', version: '2.0.0', percent: 41 },
      { kind: 'downloading', version: '2.0.0', percent: 42 },
      { kind: 'ready', version: '2.0.0' },
    ])
  })

  test('that break off while they are loaded are forgotten', async () => {
    using updates = open()
    await clock.advance(2 * 60_000)
    library.emit('update-available', { version: '2.0.0' })
    library.emit('error')
    expect(updates.view).toEqual({ kind: 'none' })
  })

  test('come from the channel that was chosen, at once when it changes', async () => {
    using updates = open()
    updates.setChannel('beta')
    await clock.advance(2 * 60_000)
    updates.setChannel('stable')
    updates.setChannel('stable')
    await clock.advance(0)
    expect(library.checks).toEqual([true, false])
  })

  test('are installed at the end of quitting, and only when there is one', async () => {
    using updates = open()
    updates.install()
    expect(quits).toBe(0)
    await clock.advance(2 * 60_000)
    library.emit('update-downloaded', { version: '2.0.0' })
    updates.install()
    expect([quits, library.installed]).toEqual([1, 0])
    updates.finishInstalling()
    expect(library.installed).toBe(1)
  })
})

function open(isPackaged = true): ShellUpdates {
  return createUpdates({
    isPackaged,
    load: () => {
      loads += 1
      return Promise.resolve(library)
    },
    clock,
    logger: silentLogger,
    quitToInstall: () => {
      quits += 1
    },
  })
}
