import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { silentLogger } from '../../../../src-main/lib/logger.ts'
import { urlOf } from '../../../../src-main/services/drives/drive.ts'
import type { Drive } from '../../../../src-main/services/drives/drive.ts'
import { createDrives } from '../../../../src-main/services/drives/drives.ts'
import type { Drives } from '../../../../src-main/services/drives/drives.ts'
import { AppError } from '../../../../src-main/shared/errors.ts'
import { FakeClock } from '../../../fakes/fake-clock.ts'
import { aDrive, FakeDriveList } from '../../../fakes/fake-drive-list.ts'
import { FakeFronts } from '../../../fakes/fake-fronts.ts'
import { FakeVolumes } from '../../../fakes/fake-volumes.ts'
import { makeTempDir } from '../../../harness/temp-dir.ts'
import type { TempDir } from '../../../harness/temp-dir.ts'

const { signal } = new AbortController()
const gently = { force: false, wait: true, signal, onDelivering: () => undefined }

let temp: TempDir
let drive: Drive
let fronts: FakeFronts
let volumes: FakeVolumes
let list: FakeDriveList
let drives: Drives

beforeEach(async () => {
  temp = await makeTempDir('drives')
  const sourceDir = join(temp.dir, 'photos')
  await mkdir(sourceDir)
  drive = aDrive({ sourceDir })
  fronts = new FakeFronts()
  volumes = new FakeVolumes()
  list = new FakeDriveList([drive])
  const dirs = { volumesDir: '/volumes', stateDir: join(temp.dir, 'state') }
  drives = createDrives({ drives: list, fronts, volumes, dirs, clock: new FakeClock(), log: silentLogger })
})

afterEach(async () => {
  await temp[Symbol.asyncDispose]()
})

/** As a keeper that was killed leaves it: in the mount table, and nobody answers. */
function leaveVolume(): void {
  volumes.table = [{ url: urlOf(drive).replace(/\/$/, ''), mountPoint: '/mnt/photos' }]
}

function startFront(): Promise<unknown> {
  const config = { driveId: drive.id, driveName: drive.name, pathSecret: drive.pathSecret, stateDir: '/s' }
  return fronts.start({ ...config, port: drive.port, backend: { kind: 'local', rootDir: '/r' } }, signal)
}

describe('a drive is observed as', () => {
  test('unmounted when there is neither volume nor front', async () => {
    expect(await drives.observe(drive)).toMatchObject({
      state: { kind: 'unmounted' },
      mountPoint: '/volumes/Photos',
      front: 'none',
    })
  })

  test('mounted where the mount table says, with the status of its front', async () => {
    leaveVolume()
    await startFront()
    expect(await drives.observe(drive)).toMatchObject({
      state: { kind: 'mounted', path: '/mnt/photos' },
      mountPoint: '/mnt/photos',
      frontStatus: { pid: 4242 },
    })
  })

  test('mounted without a server when only the volume is left', async () => {
    leaveVolume()
    const { state } = await drives.observe(drive)
    expect(state).toEqual({ kind: 'mounted', path: '/mnt/photos', degraded: 'front-down' })
  })

  test('stalled when its front does not answer', async () => {
    leaveVolume()
    fronts.silent.add(drive.id)
    expect(await drives.observe(drive)).toMatchObject({
      state: { kind: 'mounted', degraded: 'front-stalled' },
      front: 'silent',
    })
  })

  test('changing when only a front is there', async () => {
    await startFront()
    expect((await drives.observe(drive)).state.kind).toBe('preparing')
  })

  test('unmounted when another volume is at its mount point', async () => {
    volumes.table = [{ url: 'http://127.0.0.1:1/other/', mountPoint: '/volumes/Photos' }]
    expect((await drives.observe(drive)).hasVolume).toBe(false)
  })
})

describe('unmounting', () => {
  test('ends the volume and the front of whichever process keeps them', async () => {
    leaveVolume()
    await startFront()
    await drives.unmount(await drives.observe(drive), gently)
    expect(volumes.unmounted).toEqual([{ mountPoint: '/mnt/photos', force: false }])
    expect([...fronts.running.keys()]).toEqual([])
  })

  test('gives a volume without a front one for the time it takes, so that nothing it holds is lost', async () => {
    leaveVolume()
    await drives.unmount(await drives.observe(drive), gently)
    expect(fronts.started).toMatchObject([{ driveId: drive.id, port: drive.port }])
    expect(volumes.table).toEqual([])
    expect([...fronts.running.keys()]).toEqual([])
  })

  test('by force needs no front', async () => {
    leaveVolume()
    await drives.unmount(await drives.observe(drive), { ...gently, force: true })
    expect(fronts.started).toEqual([])
    expect(volumes.unmounted).toEqual([{ mountPoint: '/mnt/photos', force: true }])
  })

  test('leaves a volume in use as it is, with no front of ours behind', async () => {
    leaveVolume()
    volumes.unmountError = new AppError('unmount-busy')
    const unmounting = drives.unmount(await drives.observe(drive), gently)
    await expect(unmounting).rejects.toMatchObject({ code: 'unmount-busy' })
    expect([...fronts.running.keys()]).toEqual([])
    expect(volumes.table).toHaveLength(1)
  })

  test('something that is not mounted is an error', async () => {
    const unmounting = drives.unmount(await drives.observe(drive), gently)
    await expect(unmounting).rejects.toMatchObject({ code: 'not-mounted', args: { name: 'Photos' } })
  })
})

test('a mounted drive cannot be forgotten, an unmounted one can', async () => {
  leaveVolume()
  await expect(drives.forget(drive, { discardUploads: false })).rejects.toMatchObject({
    code: 'already-mounted',
    args: { mountPoint: '/mnt/photos' },
  })
  volumes.table = []
  await drives.forget(drive, { discardUploads: false })
  expect(list.drives).toEqual([])
})

test('only a mounted drive is revealed, at the place where it is', async () => {
  await expect(drives.reveal(drive)).rejects.toMatchObject({ code: 'not-mounted' })
  leaveVolume()
  await drives.reveal(drive)
  expect(volumes.revealed).toEqual(['/mnt/photos'])
})
