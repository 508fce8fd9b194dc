import { afterEach, describe, expect, test } from 'vitest'

import { isWorthTrying } from '../../../src-main/app/drives/wishes.ts'
import { conditionsOf, type Facts } from '../../../src-main/app/state/conditions.ts'
import { Publisher, type SnapshotContent } from '../../../src-main/app/state/publisher.ts'
import { RecentFiles } from '../../../src-main/app/state/recent-files.ts'
import { Teller } from '../../../src-main/app/state/teller.ts'
import { troubleOf } from '../../../src-main/app/state/trouble.ts'
import type { DriveState } from '../../../src-main/shared/drive-state.ts'
import type { ErrorCode } from '../../../src-main/shared/errors.ts'
import { snapshotOf } from '../../fixtures/snapshots.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'
import { aDrive, anS3FilesDrive } from '../../fakes/fake-drive-list.ts'
import { openApp } from './open-app.ts'

let cleanup = new AsyncDisposableStack()
afterEach(async () => {
  await cleanup.disposeAsync()
  cleanup = new AsyncDisposableStack()
})

describe('what is wrong with the whole', () => {
  const far = {
    profile: 'work',
    isFar: true,
    state: { kind: 'mounted', path: '/mnt' },
    isWanted: true,
  } as const
  const account = {
    profile: 'work',
    accountId: undefined,
    role: undefined,
    region: undefined,
    kind: '',
    canSignIn: true,
  }
  const well: Facts = {
    drives: [far, far, far],
    engine: { state: 'ready', error: undefined },
    accounts: [{ ...account, session: { kind: 'valid', expiresAtMs: undefined } }],
    isOnline: true,
    settingsError: undefined,
    settingsSetAsidePath: undefined,
    disk: { freeBytes: 10, reserveBytes: 5 },
    mountObstacle: undefined,
  }
  const expired = { accounts: [{ ...account, session: { kind: 'expired' } }] } as const
  const engineDown = {
    engine: { state: 'missing', error: { code: 'engine-not-running', args: {} } },
  } as const
  const resting = { drives: [{ ...far, isWanted: false, state: { kind: 'unmounted' } }] } as const

  test.each<[string, Partial<Facts>, readonly string[]]>([
    ['nothing', {}, []],
    ['a session has ended, for three drives', expired, ['session:work']],
    ['a session has ended that no drive needs', { ...expired, ...resting }, []],
    ['no engine, for three drives', engineDown, ['engine-missing']],
    ['no engine, and no drive wants one', { ...engineDown, ...resting }, []],
    ['no network: then nobody need sign in', { ...expired, isOnline: false }, ['offline']],
    ['no network, and no drive wants one', { isOnline: false, ...resting }, []],
    ['the disk is full', { disk: { freeBytes: 4, reserveBytes: 5 } }, ['disk-full']],
    [
      'the settings cannot be read',
      { settingsError: { code: 'settings-unreadable', args: {} } },
      ['settings'],
    ],
    ['the settings were set aside', { settingsSetAsidePath: '/x' }, ['settings-set-aside']],
    [
      'several, the worst first',
      { ...engineDown, settingsSetAsidePath: '/x', disk: { freeBytes: 4, reserveBytes: 5 } },
      ['disk-full', 'engine-missing', 'settings-set-aside'],
    ],
  ])('%s', (_, facts, ids) => {
    expect(conditionsOf({ ...well, ...facts }).map(({ id }) => id)).toEqual(ids)
  })
})

describe('the one way out of a drive’s trouble', () => {
  const drive = anS3FilesDrive()
  const nothing = {
    drive,
    failure: undefined,
    bridgeTrouble: undefined,
    attention: undefined,
    defaultProfile: 'default',
  }
  const failed = (code: ErrorCode): DriveState => ({ kind: 'failed', error: { code, args: {} } })
  const mounted: DriveState = { kind: 'mounted', path: '/mnt' }

  test.each<[ErrorCode, unknown]>([
    ['sign-in-expired', { kind: 'sign-in', profile: 'default' }],
    ['engine-missing', { kind: 'open-link', link: 'install-engine' }],
    ['engine-rootless', { kind: 'choose-engine' }],
    ['mount-point-not-empty', { kind: 'edit-drive', driveId: drive.id }],
    ['mount-timeout', { kind: 'mount', driveId: drive.id }],
    ['address-not-allowed', { kind: 'let-in', driveId: drive.id }],
  ])('%s, of a drive that could not be mounted', (code, fix) => {
    expect(troubleOf({ ...nothing, state: failed(code) })).toEqual({ error: { code, args: {} }, fix })
  })

  test.each<[ErrorCode, unknown]>([
    ['sign-in-expired', { kind: 'sign-in', profile: 'default' }],
    ['bridge-died', undefined],
    ['access-denied', undefined],
  ])('%s, of a bridge whose drive is mounted: mounting is no way out', (code, fix) => {
    const trouble = troubleOf({ ...nothing, state: mounted, bridgeTrouble: { code, args: {} } })
    expect(trouble).toEqual({ error: { code, args: {} }, fix })
  })

  test('a drive that waits for its files, or for its front, says so', () => {
    const degraded = (kind: 'front-stalled' | 'front-down') =>
      troubleOf({ ...nothing, state: { ...mounted, degraded: kind } })?.error.code
    expect([degraded('front-stalled'), degraded('front-down')]).toEqual(['stalled', 'front-died'])
  })

  test('a volume that could not be given a front may be tried again', () => {
    const failure = { code: 'source-missing', args: {} } as const
    const state = { ...mounted, degraded: 'front-down' } as const
    expect(troubleOf({ ...nothing, drive: aDrive(), failure, state })?.fix?.kind).toBe('edit-drive')
    expect(troubleOf({ ...nothing, failure: { code: 'port-taken', args: {} }, state })?.fix?.kind).toBe(
      'mount',
    )
  })

  test('a drive that is unmounted and well has none', () => {
    expect(troubleOf({ ...nothing, state: { kind: 'unmounted' } })).toBeUndefined()
  })
})

test.each([
  ['engine-not-running', 'engine', true],
  ['image-build-failed', 'engine', true],
  ['sign-in-expired', 'engine', false],
  ['sign-in-expired', 'sign-in', true],
  ['mfa-rejected', 'sign-in', false],
  ['server-unresolved', 'network', true],
  ['server-unreachable', 'awake', true],
  ['address-not-allowed', 'network', true],
  ['access-denied', 'network', false],
] as const)('%s is worth another try because of %s: %s', (code, because, isWorthIt) => {
  expect(isWorthTrying(code, because)).toBe(isWorthIt)
})

describe('publishing', () => {
  class Published {
    readonly clock = new FakeClock()
    content: SnapshotContent = snapshotOf()
    readonly revisions: number[] = []
    readonly publisher = new Publisher(() => this.content, this.clock)

    constructor() {
      this.publisher.published.on(({ revision }) => this.revisions.push(revision))
    }
  }

  test('many changes at once are one snapshot, and ten a second are the most', async () => {
    const made = new Published()
    for (let change = 1; change <= 1_000; change += 1) {
      made.content = { ...made.content, version: String(change) }
      made.publisher.invalidate()
      made.publisher.invalidate()
      await made.clock.advance(1)
    }
    await made.clock.advance(100)
    expect(made.revisions.length).toBeLessThanOrEqual(11)
    expect(made.revisions).toEqual(made.revisions.toSorted((one, other) => one - other))
    expect(made.publisher.current().version).toBe('1000')
  })

  test('where nothing has changed there is nothing to publish', async () => {
    const made = new Published()
    made.publisher.invalidate()
    await made.clock.advance(1_000)
    made.publisher.invalidate()
    await made.clock.advance(1_000)
    expect(made.revisions).toEqual([1])
    expect(made.publisher.current().revision).toBe(1)
  })

  test('fifty mounted drives that rest publish nothing, and are looked at together', async () => {
    const drives = Array.from({ length: 50 }, (_, index) =>
      aDrive({
        id: `drive${index}`,
        name: `Drive ${index}`,
        port: 41_000 + index,
        pathSecret: index.toString(16).padStart(32, '0'),
        sourceDir: import.meta.dirname,
        autoMount: true,
      }),
    )
    const opened = cleanup.use(await openApp({ drives }))
    await opened.until(() => opened.app.snapshot().drives.every(({ state }) => state.kind === 'mounted'))
    await opened.pass(4_000)
    const before = opened.published.length
    // All of the way up is less than one snapshot for each drive and step.
    expect(before).toBeLessThan(150)
    await opened.pass(30_000)
    expect(opened.published.length - before).toBe(0)
  }, 30_000)
})

describe('recent files', () => {
  const file = { driveId: 'a', path: '/x', atMs: 1, what: 'saved', detail: undefined } as const

  test('a file on its way is one line, and a conflict of it another', () => {
    const files = new RecentFiles()
    files.add(file)
    files.add({ ...file, what: 'conflict', detail: '/x (conflict)' })
    files.add({ ...file, what: 'delivered' })
    files.add({ ...file, what: 'in-s3' })
    expect(files.list().map(({ what }) => what)).toEqual(['in-s3', 'conflict'])
  })

  test('are the last fifty, and go with their drive', () => {
    const files = new RecentFiles()
    for (let index = 0; index < 60; index += 1) files.add({ ...file, path: `/${index}` })
    expect(files.list()).toHaveLength(50)
    expect(files.list()[0]?.path).toBe('/59')
    files.forgetDrive('a')
    expect(files.list()).toEqual([])
  })
})

test('a fact is told once, and again only after it was over', () => {
  const teller = new Teller()
  const told: string[] = []
  teller.happened.on(({ key }) => told.push(key))
  const fact = { kind: 'engine-missing', key: 'engine-missing' } as const
  teller.tell(fact)
  teller.tell(fact)
  teller.forget('engine-missing')
  teller.tell(fact)
  expect(told).toEqual(['engine-missing', 'engine-missing'])
})
