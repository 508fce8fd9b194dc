import { describe, expect, test } from 'vitest'

import {
  trayMenuOf,
  trayStateOf,
  trayTooltipOf,
  type TrayMenuItem,
  type TrayState,
} from '../../../src-main/core/tray-model.ts'
import type { DriveView, Snapshot } from '../../../src-main/shared/app/snapshot.ts'
import { driveOf, snapshotOf, stackOf } from '../../fixtures/snapshots.ts'

const unmounted = driveOf({ id: 'd1', name: 'Photos' })
const mounted: DriveView = { ...unmounted, state: { kind: 'mounted', path: '/p' } }
const error = { code: 'stalled', args: {} } as const
const failed: DriveView = { ...unmounted, state: { kind: 'failed', error } }

describe('the icon', () => {
  test.each<[string, Partial<Snapshot>, TrayState]>([
    ['is idle without drives', {}, 'idle'],
    ['is idle while nothing is mounted', { drives: [unmounted] }, 'idle'],
    ['says that something is mounted', { drives: [unmounted, mounted] }, 'mounted'],
    [
      'works while a drive is mounted',
      { drives: [mounted, { ...unmounted, state: { kind: 'preparing', step: 'connecting' } }] },
      'working',
    ],
    [
      'works while a drive is unmounted',
      { drives: [{ ...unmounted, state: { kind: 'unmounting' } }] },
      'working',
    ],
    ['works while files are delivered', { drives: [withUploads(mounted, { pending: 2 })] }, 'working'],
    [
      'works while a stack is deployed',
      { stacks: [stackOf({ kind: 'deploying', step: 'Creating', fraction: 0.1 })] },
      'working',
    ],
    ['does not work while a stack is only planned', { stacks: [stackOf({ kind: 'planning' })] }, 'idle'],
    [
      'works while an update is loaded',
      { update: { kind: 'downloading', version: '2', percent: 3 } },
      'working',
    ],
    [
      'rests although something waits in a drive that is not mounted',
      { drives: [withUploads(unmounted, { pending: 2 })] },
      'idle',
    ],
    [
      'wants attention for an upload',
      { drives: [withUploads(mounted, { attention: 1, pending: 5 })] },
      'attention',
    ],
    [
      'wants attention for a question that stands open',
      {
        drives: [{ ...unmounted, state: { kind: 'preparing', step: 'checking' } }],
        prompt: {
          id: 'mfa-1',
          kind: 'mfa-code',
          profile: 'work',
          serial: 'arn:aws:iam::111122223333:mfa/ann',
        },
      },
      'attention',
    ],
    [
      'wants attention for a drive in trouble',
      { drives: [{ ...mounted, trouble: { error, fix: undefined } }] },
      'attention',
    ],
    [
      'wants attention for a drive that does not answer',
      { drives: [{ ...mounted, state: { kind: 'mounted', path: '/p', degraded: 'front-stalled' } }] },
      'attention',
    ],
    [
      'wants attention for a warning',
      { conditions: [{ id: 'c', severity: 'warning', error, fix: undefined }] },
      'attention',
    ],
    [
      'wants none for what is good to know',
      { conditions: [{ id: 'c', severity: 'info', error, fix: undefined }] },
      'idle',
    ],
    [
      'says that a drive has failed, whatever else is',
      { drives: [failed, mounted, withUploads(mounted, { attention: 1 })] },
      'error',
    ],
    [
      'says that the whole is in trouble',
      { conditions: [{ id: 'c', severity: 'error', error, fix: undefined }] },
      'error',
    ],
  ])('%s', (_title, changes, state) => {
    expect(trayStateOf(snapshotOf(changes))).toBe(state)
  })
})

describe('the tooltip', () => {
  test.each<[readonly DriveView[], string]>([
    [[], 'Mountbar: nothing is mounted'],
    [[mounted], 'Mountbar: Photos is mounted'],
    [[mounted, mounted], 'Mountbar: 2 drives are mounted'],
    [[withUploads(mounted, { pending: 1 })], 'Mountbar: Photos is mounted\n1 file on its way'],
    [
      [withUploads(mounted, { pending: 3, attention: 2 })],
      'Mountbar: Photos is mounted\n3 files on their way\n2 uploads need you',
    ],
    [[failed], 'Mountbar: nothing is mounted\nPhotos: not working'],
  ])('of %# says what is', (drives, tooltip) => {
    expect(trayTooltipOf(snapshotOf({ drives }))).toBe(tooltip)
  })
})

describe('the menu', () => {
  test.each<[string, DriveView, readonly string[]]>([
    ['that is not mounted', unmounted, ['Mount']],
    ['that has failed', failed, ['Mount']],
    ['that is mounted', mounted, ['Unmount', 'Reveal in Finder']],
    [
      'that is being mounted',
      { ...unmounted, state: { kind: 'preparing', step: 'checking' } },
      ['Stop Mounting'],
    ],
    ['that is being unmounted', { ...unmounted, state: { kind: 'unmounting' } }, []],
    ['that is delivering', { ...unmounted, state: { kind: 'delivering' } }, ['Mount']],
  ])('of a drive %s offers what can be done', (_title, drive, labels) => {
    const [first] = trayMenuOf(snapshotOf({ drives: [drive] }))
    expect(first?.kind).toBe('submenu')
    expect(enabled(first?.kind === 'submenu' ? first.items : [])).toEqual(labels)
  })

  test('mounts all that are not, and none twice', () => {
    const drives = [unmounted, { ...failed, id: 'd2' }, { ...mounted, id: 'd3' }]
    expect(action('Mount All', drives)).toEqual({ kind: 'mount', driveIds: ['d1', 'd2'] })
    expect(enabled(trayMenuOf(snapshotOf({ drives: [mounted] })))).not.toContain('Mount All')
  })

  test('offers an update when there is one to install', () => {
    const ready = trayMenuOf(snapshotOf({ update: { kind: 'ready', version: '1.2.0' } }))
    expect(enabled(ready)).toContain('Restart to Update to 1.2.0')
    expect(enabled(trayMenuOf(snapshotOf())).join()).not.toContain('Update')
  })

  test('ends with the way out', () => {
    expect(trayMenuOf(snapshotOf()).at(-1)).toMatchObject({
      label: 'Quit Mountbar',
      action: { kind: 'quit' },
    })
  })

  function action(label: string, drives: readonly DriveView[]): unknown {
    const found = trayMenuOf(snapshotOf({ drives })).find(
      (item) => item.kind === 'action' && item.label === label,
    )
    return found?.kind === 'action' ? found.action : undefined
  }
})

function enabled(items: readonly TrayMenuItem[]): readonly string[] {
  return items.flatMap((item) => (item.kind === 'action' && item.isEnabled ? [item.label] : []))
}

function withUploads(drive: DriveView, uploads: Partial<DriveView['uploads']>): DriveView {
  return { ...drive, uploads: { ...drive.uploads, ...uploads } }
}
