import type { Page } from 'playwright-core'

import type { Snapshot } from '../../src-main/shared/app/snapshot.ts'
import { fakeMountbarBridge, type FakeMountbarBridge } from '../fakes/fake-mountbar-bridge.ts'
import {
  accountOf,
  busySnapshot,
  driveOf,
  manyDrives,
  mountedDriveOf,
  nowMs,
  sandboxOf,
  snapshotOf,
  stackChoice,
  stackOf,
} from '../fixtures/snapshots.ts'
import { press, scene, type Scene } from './scene.ts'
import { errorPages } from './error-pages.ts'
import { stackScenes } from './stack-scenes.ts'

export const scenes: readonly Scene[] = [
  scene('onboarding', snapshotOf()),
  scene('drives', busySnapshot()),
  scene('drives-mounting', mountingSnapshot()),
  scene('drives-trouble', troubledSnapshot()),
  scene('drives-menu', busySnapshot(), press('More for Photo archive')),
  scene('drives-remove', busySnapshot(), async (page) => {
    await press('More for Photo archive')(page)
    await page.getByRole('menuitem', { name: 'Remove…' }).click()
  }),
  scene('drives-many', busySnapshot({ drives: manyDrives(50) })),
  scene(
    'drives-stacks',
    busySnapshot({
      drives: busySnapshot().drives.slice(0, 1),
      stacks: [
        stackOf({ kind: 'deploying', step: 'Making the mount target, which takes longest', fraction: 0.62 }),
        stackOf(
          { kind: 'failed', error: { code: 'stack-name-taken', args: { resource: 'the bucket' } } },
          { ref: { region: 'us-east-1', name: 'mountbar-reports' } },
        ),
        stackOf(
          { kind: 'deployed', choice: stackChoice },
          { ref: { region: 'eu-west-1', name: 'mountbar-video' } },
        ),
      ],
    }),
  ),
  scene('conditions', conditionsSnapshot()),
  {
    name: 'drives-in-use',
    main: () => {
      const main = fakeMountbarBridge(busySnapshot())
      main.commands['drive.unmount'].fails('unmount-busy', { name: 'Photo archive' })
      return main
    },
    go: async (page) => {
      await press('Unmount Photo archive')(page)
      await page.getByRole('alert').waitFor()
    },
  },
  scene('activity', busySnapshot(), press(/^Activity/)),
  scene('activity-quiet', snapshotOf({ drives: [driveOf()] }), press('Activity')),
  scene('activity-discard', busySnapshot(), press(/^Activity/, 'Discard… contract.pdf')),
  scene('accounts', busySnapshot(), press('Accounts')),
  scene('accounts-code', awaitingSnapshot(), press(/^Accounts/)),
  scene('accounts-none', snapshotOf(), press('Accounts')),
  scene(
    'mfa',
    busySnapshot({
      prompt: {
        id: 'q1',
        kind: 'mfa-code',
        profile: 'ci-deploy',
        serial: 'arn:aws:iam::111122223333:mfa/sam',
      },
    }),
  ),
  scene('settings-general', busySnapshot(), press('Settings')),
  scene('settings-drives', busySnapshot(), openDriveSettings),
  scene('settings-drive', busySnapshot(), async (page) => {
    await openDriveSettings(page)
    await press('Edit Photo archive')(page)
  }),
  scene('settings-engine', busySnapshot(), press('Settings', 'Engine')),
  scene('settings-engine-missing', engineMissingSnapshot(), press('Settings', 'Engine')),
  scene('settings-advanced', busySnapshot(), press('Settings', 'Advanced')),
  scene('settings-reset', busySnapshot(), press('Settings', 'Advanced', 'Reset…')),
  scene('add-drive', busySnapshot(), press('Add drive…')),
  scene('add-drive-folder', busySnapshot(), press('Add drive…', /Sandbox folder/)),
  {
    name: 'add-drive-file-system',
    main: lookupMain,
    go: async (page) => {
      await press('Add drive…', /S3 Files file system/)(page)
      await page.getByLabel('AWS profile').fill('studio')
      await page.getByRole('radio', { name: /Photo archive/ }).check()
      await page.getByRole('radio', { name: /Load balancer/ }).check()
    },
  },
  {
    name: 'add-drive-signed-out',
    main: () => {
      const main = fakeMountbarBridge(busySnapshot())
      main.commands['lookup.file-systems'].fails('sign-in-needed', { profile: 'studio' })
      return main
    },
    go: async (page) => {
      await press('Add drive…', /S3 Files file system/)(page)
      await page.getByLabel('AWS profile').fill('studio')
      await page.getByRole('button', { name: 'Look again' }).waitFor()
    },
  },
  {
    name: 'starting',
    main: () => {
      const main = fakeMountbarBridge(snapshotOf())
      main.commands['snapshot.get'].hangs()
      return main
    },
    go: (page) => page.getByText('Looking at your drives').waitFor(),
  },
  {
    name: 'starting-failed',
    main: () => {
      const main = fakeMountbarBridge(snapshotOf())
      main.commands['snapshot.get'].fails('settings-unreadable')
      return main
    },
    go: (page) => page.getByRole('button', { name: 'Try again' }).waitFor(),
  },
  ...stackScenes,
  ...errorPages.map(({ name, drives }) => scene(name, snapshotOf({ drives }))),
]

async function openDriveSettings(page: Page): Promise<void> {
  await press('Settings')(page)
  await page.getByRole('navigation', { name: 'Parts' }).getByRole('button', { name: 'Drives' }).click()
}

function mountingSnapshot(): Snapshot {
  return snapshotOf({
    drives: [
      driveOf({ state: { kind: 'preparing', step: 'connecting' } }),
      sandboxOf({ state: { kind: 'preparing', step: 'mounting' } }),
      driveOf({ id: 'b', name: 'Going away', state: { kind: 'unmounting' } }),
      driveOf({
        id: 'c',
        name: 'Delivering',
        state: { kind: 'delivering' },
        uploads: { ...mountedDriveOf().uploads, pending: 12, pendingBytes: 240_000_000 },
      }),
    ],
  })
}

function troubledSnapshot(): Snapshot {
  return snapshotOf({
    drives: [
      mountedDriveOf({
        state: { kind: 'mounted', path: '/Volumes/Photo archive', degraded: 'front-stalled' },
        trouble: {
          error: { code: 'sign-in-expired', args: { profile: 'studio' } },
          fix: { kind: 'sign-in', profile: 'studio' },
        },
      }),
      driveOf({
        id: 'b',
        name: 'Quarterly reports',
        state: {
          kind: 'failed',
          error: { code: 'mount-point-not-empty', args: { mountPoint: '/Users/sam/Reports' } },
        },
        trouble: {
          error: { code: 'mount-point-not-empty', args: { mountPoint: '/Users/sam/Reports' } },
          fix: { kind: 'edit-drive', driveId: 'b' },
        },
      }),
    ],
  })
}

function conditionsSnapshot(): Snapshot {
  return busySnapshot({
    conditions: [
      {
        id: 'session',
        severity: 'warning',
        error: { code: 'sign-in-expired', args: { profile: 'studio' } },
        fix: { kind: 'sign-in', profile: 'studio' },
      },
      {
        id: 'engine',
        severity: 'error',
        error: { code: 'engine-not-running', args: { address: '/var/run/docker.sock' } },
        fix: { kind: 'choose-engine' },
      },
    ],
    update: { kind: 'ready', version: '0.2.0' },
  })
}

function awaitingSnapshot(): Snapshot {
  return snapshotOf({
    accounts: [
      accountOf({
        session: {
          kind: 'awaiting-approval',
          userCode: 'WDJB-MJHT',
          url: 'https://device.sso.eu-central-1.amazonaws.com/',
        },
      }),
      accountOf({
        profile: 'finance',
        session: { kind: 'awaiting-approval', userCode: undefined, url: undefined },
      }),
      accountOf({ profile: 'old', session: { kind: 'expired' } }),
      accountOf({
        profile: 'locked',
        session: {
          kind: 'failed',
          error: { code: 'sso-role-denied', args: { role: 'PhotoEditor', account: '111122223333' } },
        },
      }),
    ],
  })
}

function engineMissingSnapshot(): Snapshot {
  const { engine } = snapshotOf()
  return snapshotOf({
    engine: {
      ...engine,
      state: 'missing',
      name: undefined,
      version: undefined,
      candidates: [],
      chosen: 'unix:///Users/sam/.orbstack/run/docker.sock',
      error: { code: 'engine-missing', args: {} },
    },
  })
}

function lookupMain(): FakeMountbarBridge {
  const main = fakeMountbarBridge(busySnapshot({ nowMs }))
  main.commands['lookup.file-systems'].succeeds([
    {
      fileSystemId: 'fs-0d0d0d0d0d0d0d0d0',
      name: 'New one',
      bucket: 'studio-scratch',
      prefix: '',
      status: 'creating',
      statusMessage: undefined,
    },
    {
      fileSystemId: 'fs-0a1b2c3d4e5f60718',
      name: 'Photo archive',
      bucket: 'studio-photos',
      prefix: 'archive/',
      status: 'available',
      statusMessage: undefined,
    },
  ])
  main.commands['lookup.ways-in'].succeeds({
    servers: [
      { host: 's3files.studio.example', port: 2049, label: 'Load balancer of the stack' },
      { host: '10.0.12.7', port: 2049, label: 'Mount target in eu-central-1a' },
    ],
    accessPoints: [{ id: 'fsap-0123456789abcdef0', label: 'Editors' }],
  })
  return main
}
