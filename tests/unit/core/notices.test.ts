import { describe, expect, test } from 'vitest'

import type { Happening } from '../../../src-main/core/happening.ts'
import { planNotices, type NoticeSurroundings } from '../../../src-main/core/notices.ts'
import { notificationKinds } from '../../../src-main/shared/app/snapshot.ts'

const nowMs = Date.UTC(2026, 0, 1)
const surroundings: NoticeSurroundings = {
  isSwitchedOn: () => true,
  isLooking: false,
  shownAtMs: new Map(),
  nowMs,
  driveName: (driveId) => ({ d1: 'Photos', d2: 'Music' })[driveId],
}
const lost = (driveId: string): Happening => ({ kind: 'drive-lost', key: `lost:${driveId}`, driveId })
const back = (driveId: string): Happening => ({ kind: 'drive-back', key: `back:${driveId}`, driveId })
const conflict = (name: string): Happening => ({
  kind: 'conflict',
  key: `conflict:${name}`,
  driveId: 'd1',
  paths: [`/docs/${name}`, `/docs/theirs-${name}`],
})

describe('a notice', () => {
  test.each<[Happening, string, string, unknown]>([
    [
      { kind: 'session-expiring', key: 'k', profile: 'work', atMs: nowMs + 5 * 60_000 },
      'Sign-in for work ends in 5 minutes',
      'Sign In',
      { kind: 'sign-in', profile: 'work' },
    ],
    [
      {
        kind: 'session-expired',
        key: 'k',
        profile: 'work',
        error: { code: 'sign-in-expired', args: { profile: 'work' } },
      },
      'Sign-in for work has ended',
      'Sign In',
      { kind: 'sign-in', profile: 'work' },
    ],
    [lost('d1'), 'Photos does not answer', 'Show Drives', { kind: 'show-view', view: 'drives' }],
    [back('d1'), 'Photos is back', 'Show in Finder', { kind: 'reveal', driveId: 'd1' }],
    [
      { kind: 'upload-attention', key: 'k', driveId: 'd1', paths: ['/docs/a.txt'] },
      'a.txt cannot be delivered to Photos',
      'Show Uploads',
      { kind: 'show-view', view: 'activity' },
    ],
    [
      conflict('a.txt'),
      'Both versions of a.txt were kept',
      'Show in Finder',
      { kind: 'reveal-files', driveId: 'd1', paths: ['/docs/a.txt', '/docs/theirs-a.txt'] },
    ],
    [
      { kind: 'conflict', key: 'k', driveId: 'd1' },
      'Both versions of a file were kept',
      'Show in Finder',
      { kind: 'reveal', driveId: 'd1' },
    ],
    [
      { kind: 'export-refused', key: 'k', driveId: 'd1', paths: ['/b.txt'] },
      'S3 did not take b.txt',
      'Show in Finder',
      { kind: 'reveal-files', driveId: 'd1', paths: ['/b.txt'] },
    ],
    [
      { kind: 'engine-missing', key: 'k' },
      'No container engine is running',
      'Choose an Engine',
      { kind: 'show-view', view: 'engine' },
    ],
    [
      { kind: 'stack-done', key: 'k', stack: 'mountbar-photos' },
      'mountbar-photos is deployed',
      'Show Drives',
      { kind: 'show-view', view: 'drives' },
    ],
    [
      { kind: 'stack-done', key: 'k', stack: 'mountbar-photos', error: { code: 'stack-quota', args: {} } },
      'mountbar-photos could not be deployed',
      'Show Drives',
      { kind: 'show-view', view: 'drives' },
    ],
    [
      { kind: 'update-ready', key: 'k', version: '2.0.0' },
      'Mountbar 2.0.0 is ready',
      'Restart to Update',
      { kind: 'install-update' },
    ],
  ])('of %o says what it is and does something about it', (happening, title, label, does) => {
    const [notice] = planNotices([happening], surroundings)
    expect(notice).toMatchObject({ title, action: { label, does } })
  })

  test('gives the reason in the words that windows use', () => {
    const error = { code: 'sign-in-expired', args: { profile: 'work' } } as const
    const [notice] = planNotices(
      [{ kind: 'session-expired', key: 'k', profile: 'work', error }],
      surroundings,
    )
    expect(notice?.body).toContain('Sign in again, here or with the AWS CLI')
  })

  test.each(notificationKinds)('of the kind %s stays away when it is switched off', (kind) => {
    const isSwitchedOn = (other: string): boolean => other !== kind
    expect(planNotices([{ kind, key: 'k' }], { ...surroundings, isSwitchedOn })).toEqual([])
    expect(planNotices([{ kind, key: 'k' }], surroundings)).toHaveLength(1)
  })

  test('stays away while somebody looks at the popover', () => {
    expect(planNotices([lost('d1')], { ...surroundings, isLooking: true })).toEqual([])
  })

  test('comes once of what is told twice', () => {
    expect(planNotices([lost('d1'), lost('d1')], surroundings)).toHaveLength(1)
  })

  test('comes again of the same after ten minutes, not before', () => {
    const shownAtMs = new Map([['lost:d1', nowMs]])
    const after = (minutes: number): readonly unknown[] =>
      planNotices([lost('d1')], { ...surroundings, shownAtMs, nowMs: nowMs + minutes * 60_000 })
    expect(after(9)).toEqual([])
    expect(after(10)).toHaveLength(1)
  })

  test('is one for many of a kind, and shows where they are', () => {
    const names = ['a', 'b', 'c', 'd', 'e']
    const notices = planNotices(names.map(conflict), surroundings)
    expect(notices).toHaveLength(1)
    expect(notices[0]).toMatchObject({
      title: 'Both versions of 5 files were kept',
      body: 'a, b, c and 2 more',
      action: { does: { kind: 'show-view', view: 'activity' } },
      keys: names.map((name) => `conflict:${name}`),
    })
  })

  test.each<[string, readonly Happening[], readonly string[]]>([
    ['lost and back at once: nothing', [lost('d1'), back('d1')], []],
    ['back and lost again: lost', [back('d1'), lost('d1')], ['Photos does not answer']],
    ['lost, back and lost: lost', [lost('d1'), back('d1'), lost('d1')], ['Photos does not answer']],
    ['lost before, now back, lost and back: back', [back('d1'), lost('d1'), back('d1')], ['Photos is back']],
    [
      'one lost while another is back: both',
      [lost('d1'), back('d2')],
      ['Photos does not answer', 'Music is back'],
    ],
  ])('tells how a drive is in the end. %s', (_title, happenings, titles) => {
    expect(planNotices(happenings, surroundings).map(({ title }) => title)).toEqual(titles)
  })
})
