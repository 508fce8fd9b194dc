import { expect, test, vi } from 'vitest'

import { createActions } from '../../../src-main/app/shell/actions.ts'
import { fakeMountbarApp } from '../../fakes/fake-mountbar-app.ts'
import { busySnapshot } from '../../fixtures/snapshots.ts'

test('a mount from the menu that fails is told, although the command itself ends well', async () => {
  const { drives, ...rest } = busySnapshot()
  const [mounted, failing] = drives
  const error = { code: 'source-missing', args: { path: '/gone' } } as const
  const app = fakeMountbarApp({
    ...rest,
    drives: [
      { ...mounted!, id: 'd1', state: { kind: 'mounted', path: '/mnt/one' } },
      { ...failing!, id: 'd2', state: { kind: 'failed', error } },
    ],
  })
  const told: string[] = []
  const perform = createActions({
    app,
    showView: () => undefined,
    tell: ({ code }) => {
      told.push(code)
      return Promise.resolve()
    },
  })
  perform({ kind: 'mount', driveIds: ['d1'] })
  perform({ kind: 'mount', driveIds: ['d1', 'd2'] })
  await vi.waitFor(() => expect(told).toEqual(['source-missing']))
})
