import { expect, test, vi } from 'vitest'

import { createActions } from '../../../src-main/app/shell/actions.ts'
import type { AppAction } from '../../../src-main/core/app-action.ts'
import { fakeMountbarApp } from '../../fakes/fake-mountbar-app.ts'

test.each<[AppAction, readonly unknown[]]>([
  [
    { kind: 'mount', driveIds: ['d1', 'd2'] },
    [
      { name: 'drive.mount', input: { driveId: 'd1' } },
      { name: 'drive.mount', input: { driveId: 'd2' } },
    ],
  ],
  [
    { kind: 'unmount', driveId: 'd1' },
    [{ name: 'drive.unmount', input: { driveId: 'd1', force: false, wait: false } }],
  ],
  [{ kind: 'reveal', driveId: 'd1' }, [{ name: 'drive.reveal', input: { driveId: 'd1' } }]],
  [
    { kind: 'reveal-files', driveId: 'd1', paths: ['/a', '/b'] },
    [{ name: 'file.reveal', input: { driveId: 'd1', paths: ['/a', '/b'] } }],
  ],
  [
    { kind: 'sign-in', profile: 'work' },
    [{ name: 'account.sign-in', input: { profile: 'work', method: 'browser' } }],
  ],
  [{ kind: 'install-update' }, [{ name: 'app.install-update', input: {} }]],
  [{ kind: 'quit' }, [{ name: 'app.quit', input: {} }]],
])('%o runs the command a window would run', (action, runs) => {
  const app = fakeMountbarApp()
  createActions({ app, showView: () => undefined, tell: () => Promise.resolve() })(action)
  expect(app.runs).toEqual(runs)
})

test.each<[AppAction, string]>([
  [{ kind: 'show-view', view: 'settings' }, 'settings'],
  [{ kind: 'sign-in', profile: 'work' }, 'accounts'],
])('%o shows the view where it goes on', (action, view) => {
  const shown: string[] = []
  createActions({
    app: fakeMountbarApp(),
    showView: (one) => shown.push(one),
    tell: () => Promise.resolve(),
  })(action)
  expect(shown).toEqual([view])
})

test('what failed is told once, however many drives it was; what somebody cancelled is not', async () => {
  const app = fakeMountbarApp()
  const told: string[] = []
  const perform = createActions({
    app,
    showView: () => undefined,
    tell: (error) => {
      told.push(error.code)
      return Promise.resolve()
    },
  })
  app.fails('drive.mount', { code: 'engine-missing', args: {} })
  app.fails('drive.unmount', { code: 'mount-cancelled', args: {} })
  perform({ kind: 'unmount', driveId: 'd1' })
  perform({ kind: 'mount', driveIds: ['d1', 'd2'] })
  await vi.waitFor(() => expect(told).toEqual(['engine-missing']))
})
