import { beforeEach, describe, expect, test, vi } from 'vitest'

import { superviseQuitting, type Quitting } from '../../../src-main/app/shell/quit.ts'
import type { QuitAnswer } from '../../../src-main/core/quit-plan.ts'
import type { Question } from '../../../src-main/core/quit-texts.ts'
import { silentLogger } from '../../../src-main/lib/logger.ts'
import { app, FakeEvent, powerMonitor } from '../../fakes/fake-electron.ts'
import { fakeMountbarApp, type FakeMountbarApp } from '../../fakes/fake-mountbar-app.ts'

vi.mock('electron', () => import('../../fakes/fake-electron.ts'))

interface Asked {
  readonly question: Question
  readonly signal: AbortSignal
  answer(answer: QuitAnswer): void
}

let mountbar: FakeMountbarApp
let asked: Asked[]
let ends: string[]
let quitting: Quitting

beforeEach(() => {
  app.removeAllListeners()
  powerMonitor.removeAllListeners()
  mountbar = fakeMountbarApp()
  asked = []
  ends = []
  quitting = superviseQuitting({
    app: mountbar,
    dialogs: {
      ask: (question, signal) =>
        new Promise((resolve) => {
          asked.push({ question, signal, answer: resolve })
          signal.addEventListener('abort', () => resolve('cancel'), { once: true })
        }),
    },
    logger: silentLogger,
    end: () => ends.push('quit'),
  })
})

describe('quitting', () => {
  test('is held back until everything is unmounted', async () => {
    expect(requestedByCmdQ().isPrevented).toBe(true)
    expect(mountbar.stops[0]?.options).toMatchObject({ wait: false, force: false })
    expect(ends).toEqual([])
    mountbar.stops[0]?.settle()
    await vi.waitFor(() => expect(ends).toEqual(['quit']))
    expect(requestedByCmdQ().isPrevented).toBe(false)
  })

  test('asks about what is on its way, and waits for it', async () => {
    mountbar.leavesUnfinished({ mounted: 1, pendingUploads: 2 })
    requestedByCmdQ()
    expect(asked[0]?.question.message).toBe('2 files are still on their way')
    expect(mountbar.stops).toHaveLength(0)
    asked[0]?.answer('wait')
    await vi.waitFor(() => expect(mountbar.stops[0]?.options.wait).toBe(true))
  })

  test('begins nothing when it is called off, and asks again the next time', async () => {
    mountbar.leavesUnfinished({ mounted: 1, pendingUploads: 1 })
    requestedByCmdQ()
    asked[0]?.answer('cancel')
    await vi.waitFor(() => {
      requestedByCmdQ()
      expect(asked).toHaveLength(2)
    })
    expect(mountbar.stops).toHaveLength(0)
  })

  test('asked for again while it waits, can go on at once: the waiting is called off', async () => {
    mountbar.leavesUnfinished({ mounted: 1, pendingUploads: 1 })
    requestedByCmdQ()
    asked[0]?.answer('wait')
    await vi.waitFor(() => expect(mountbar.stops).toHaveLength(1))
    requestedByCmdQ()
    expect(mountbar.stops[0]?.options.signal.aborted).toBe(false)
    asked[1]?.answer('now')
    await vi.waitFor(() => expect(mountbar.stops).toHaveLength(2))
    expect(mountbar.stops[0]?.options.signal.aborted).toBe(true)
    expect(mountbar.stops[1]?.options.wait).toBe(false)
    mountbar.stops[1]?.settle()
    await vi.waitFor(() => expect(ends).toEqual(['quit']))
  })

  test('closes its question when what was waited for has ended meanwhile', async () => {
    mountbar.leavesUnfinished({ mounted: 1, pendingUploads: 1 })
    requestedByCmdQ()
    asked[0]?.answer('wait')
    await vi.waitFor(() => expect(mountbar.stops).toHaveLength(1))
    requestedByCmdQ()
    mountbar.stops[0]?.settle()
    await vi.waitFor(() => expect(ends).toEqual(['quit']))
    expect(asked[1]?.signal.aborted).toBe(true)
  })

  test('names what is in use, and forces it only when told to', async () => {
    requestedByCmdQ()
    mountbar.stops[0]?.settle(['Photos'])
    await vi.waitFor(() => expect(asked[0]?.question.message).toBe('Photos is in use'))
    asked[0]?.answer('now')
    await vi.waitFor(() => expect(mountbar.stops[1]?.options.force).toBe(true))
    mountbar.stops[1]?.settle(['Photos'])
    await vi.waitFor(() => expect(ends).toEqual(['quit']))
  })

  test('asks nobody when the system shuts down, and makes it wait', async () => {
    mountbar.leavesUnfinished({ mounted: 1, pendingUploads: 9 })
    const event = new FakeEvent()
    powerMonitor.emit('shutdown', event)
    expect(event.isPrevented).toBe(true)
    expect(asked).toHaveLength(0)
    expect(mountbar.stops[0]?.options).toMatchObject({ wait: false, force: false })
    mountbar.stops[0]?.settle(['Photos'])
    await vi.waitFor(() => expect(ends).toEqual(['quit']))
  })

  test('withdraws its question when the system shuts down', async () => {
    mountbar.leavesUnfinished({ mounted: 1, pendingUploads: 1 })
    requestedByCmdQ()
    powerMonitor.emit('shutdown', new FakeEvent())
    expect(asked[0]?.signal.aborted).toBe(true)
    mountbar.stops[0]?.settle()
    await vi.waitFor(() => expect(ends).toEqual(['quit']))
    expect(mountbar.stops).toHaveLength(1)
  })

  test('ends with an installation when it was asked for, unless that was called off', async () => {
    const install = (): void => void ends.push('install')
    mountbar.leavesUnfinished({ mounted: 1, pendingUploads: 1 })
    quitting.request(install)
    asked[0]?.answer('cancel')
    await vi.waitFor(() => {
      mountbar.leavesUnfinished({ mounted: 0, pendingUploads: 0 })
      quitting.request()
      expect(mountbar.stops).toHaveLength(1)
    })
    mountbar.stops[0]?.settle()
    await vi.waitFor(() => expect(ends).toEqual(['quit']))
  })

  test('installs when that was asked for', async () => {
    quitting.request(() => ends.push('install'))
    mountbar.stops[0]?.settle()
    await vi.waitFor(() => expect(ends).toEqual(['install']))
  })
})

function requestedByCmdQ(): FakeEvent {
  const event = new FakeEvent()
  app.emit('before-quit', event)
  return event
}
