import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { silentLogger } from '../../../../src-main/lib/logger.ts'
import { simulatedBucketDirOf, urlOf } from '../../../../src-main/services/drives/drive.ts'
import type { Drive } from '../../../../src-main/services/drives/drive.ts'
import { createDrives } from '../../../../src-main/services/drives/drives.ts'
import type { Drives } from '../../../../src-main/services/drives/drives.ts'
import { AppError } from '../../../../src-main/shared/errors.ts'
import { FakeClock } from '../../../fakes/fake-clock.ts'
import { FakeBridges } from '../../../fakes/fake-bridges.ts'
import { aDrive, FakeDriveList } from '../../../fakes/fake-drive-list.ts'
import { FakeFronts } from '../../../fakes/fake-fronts.ts'
import type { FakeFront } from '../../../fakes/fake-fronts.ts'
import { FakeVolumes } from '../../../fakes/fake-volumes.ts'
import { anUpload, noKept } from '../../../fixtures/uploads.ts'
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
let clock: FakeClock

beforeEach(async () => {
  temp = await makeTempDir('drives')
  const sourceDir = join(temp.dir, 'photos')
  await mkdir(sourceDir)
  drive = aDrive({ sourceDir })
  fronts = new FakeFronts()
  volumes = new FakeVolumes()
  list = new FakeDriveList([drive])
  const dirs = { volumesDir: '/volumes', stateDir: join(temp.dir, 'state') }
  clock = new FakeClock()
  drives = createDrives({
    drives: list,
    fronts,
    bridges: new FakeBridges(),
    volumes,
    dirs,
    clock,
    log: silentLogger,
  })
})

afterEach(async () => {
  await temp[Symbol.asyncDispose]()
})

/** As a keeper that was killed leaves it: in the mount table, and nobody answers. */
function leaveVolume(): void {
  volumes.table = [{ url: urlOf(drive).replace(/\/$/, ''), mountPoint: '/mnt/photos' }]
}

function frontDir(): string {
  return join(temp.dir, 'state', 'fronts', drive.id)
}

function startFront(): Promise<unknown> {
  const { id: driveId, name: driveName, pathSecret } = drive
  const config = { driveId, driveName, pathSecret, stateDir: frontDir() }
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

describe('unmounting a drive with uploads pending', () => {
  const front = (): FakeFront => fronts.running.get(drive.id)!
  const reports: number[] = []
  const following = {
    ...gently,
    onDelivering: ({ totals }: { totals: { pending: number } }) => void reports.push(totals.pending),
  }

  beforeEach(async () => {
    reports.length = 0
    leaveVolume()
    await startFront()
    front().uploads = [anUpload({ id: 1 }), anUpload({ id: 2 })]
  })

  test('takes the volume away first, then tells what is left until all has arrived', async () => {
    const unmounting = drives.unmount(await drives.observe(drive), following)
    await expect.poll(() => reports).toEqual([2])
    expect(volumes.table).toEqual([])
    expect((await drives.observe(drive)).state).toEqual({ kind: 'delivering' })
    front().deliver(1)
    await clock.advance(1_000)
    expect(reports.at(-1)).toBe(1)
    front().deliver(2)
    await clock.advance(1_000)
    expect(await unmounting).toEqual({ isDelivering: false, kept: noKept })
    expect([...fronts.running.keys()]).toEqual([])
  })

  test('can be joined by a second unmount', async () => {
    const first = drives.unmount(await drives.observe(drive), gently)
    await expect.poll(() => front().isDraining).toBe(true)
    const second = drives.unmount(await drives.observe(drive), following)
    await expect.poll(() => reports).toEqual([2])
    front().deliver(1, 2)
    await clock.advance(1_000)
    expect(await Promise.all([first, second])).toMatchObject([
      { isDelivering: false },
      { isDelivering: false },
    ])
  })

  test('is left to the background when nobody waits any longer', async () => {
    const interrupt = new AbortController()
    const unmounting = drives.unmount(await drives.observe(drive), { ...following, signal: interrupt.signal })
    await expect.poll(() => reports).toEqual([2])
    interrupt.abort()
    expect(await unmounting).toEqual({ isDelivering: true })
    expect(front().isDraining).toBe(true)
  })

  test('without waiting ends its front, which leaves them for the next one', async () => {
    const { kept, isDelivering } = await drives.unmount(await drives.observe(drive), {
      ...gently,
      wait: false,
    })
    expect({ isDelivering, count: kept?.count }).toEqual({ isDelivering: false, count: 2 })
    expect([...fronts.running.keys()]).toEqual([])
    expect((await drives.observe(drive)).kept?.count).toBe(2)
  })

  test('while one delivers in the background, without waiting, ends that', async () => {
    volumes.table = []
    front().drain()
    const { kept } = await drives.unmount(await drives.observe(drive), { ...gently, wait: false })
    expect(kept?.count).toBe(2)
    expect([...fronts.running.keys()]).toEqual([])
  })

  test('says what needs attention afterwards, and does not wait for it', async () => {
    front().uploads = [anUpload({ id: 3, state: 'attention' })]
    const { kept } = await drives.unmount(await drives.observe(drive), gently)
    expect(kept).toMatchObject({ count: 1, attention: 1 })
  })

  test('waits for the front that a keeper starts in place of a crashed one', async () => {
    const unmounting = drives.unmount(await drives.observe(drive), following)
    await expect.poll(() => reports).toEqual([2])
    fronts.crash(drive.id)
    await clock.advance(5_000)
    await startFront()
    await clock.advance(1_000)
    expect(front().isDraining).toBe(true)
    front().deliver(1, 2)
    await clock.advance(1_000)
    expect((await unmounting).kept).toEqual(noKept)
  })

  test('does not wait for ever for a front that nobody starts again', async () => {
    const unmounting = drives.unmount(await drives.observe(drive), following)
    await expect.poll(() => reports).toEqual([2])
    fronts.crash(drive.id)
    await clock.advance(60_000)
    expect((await unmounting).kept?.count).toBe(2)
  })

  test('and no keeper delivers with a front of this process, which ends with the wait for it', async () => {
    fronts.crash(drive.id)
    const interrupt = new AbortController()
    const unmounting = drives.unmount(await drives.observe(drive), { ...following, signal: interrupt.signal })
    await expect.poll(() => reports).toEqual([2])
    interrupt.abort()
    expect(await unmounting).toMatchObject({ isDelivering: false, kept: { count: 2 } })
    expect([...fronts.running.keys()]).toEqual([])
  })
})

describe('a drive with uploads on this machine only', () => {
  const uploads = [anUpload({ id: 1 }), anUpload({ id: 2, state: 'attention' })]

  test('is not forgotten without a word', async () => {
    fronts.leave(frontDir(), uploads)
    await expect(drives.forget(drive, { discardUploads: false })).rejects.toMatchObject({
      code: 'uploads-kept',
      args: { name: 'Photos', count: 2 },
    })
    expect(list.drives).toEqual([drive])
    expect((await drives.forget(drive, { discardUploads: true })).uploads).toEqual(uploads)
    expect(list.drives).toEqual([])
    expect(await fronts.keptUploads(frontDir())).toEqual(noKept)
  })

  test('is not forgotten while they are being delivered either', async () => {
    await startFront()
    const front = fronts.running.get(drive.id)!
    front.uploads = uploads
    front.drain()
    await expect(drives.forget(drive, { discardUploads: false })).rejects.toMatchObject({
      code: 'uploads-kept',
      args: { count: 2 },
    })
    expect((await drives.forget(drive, { discardUploads: true })).count).toBe(2)
    expect([...fronts.running.keys()]).toEqual([])
    expect(list.drives).toEqual([])
  })
})

test('a mounted drive cannot be forgotten, an unmounted one can', async () => {
  leaveVolume()
  await expect(drives.forget(drive, { discardUploads: false })).rejects.toMatchObject({
    code: 'already-mounted',
    args: { mountPoint: '/mnt/photos' },
  })
  expect(fronts.discarded).toEqual([])
  volumes.table = []
  const bucketDir = simulatedBucketDirOf(drive, { stateDir: join(temp.dir, 'state') })
  await mkdir(bucketDir, { recursive: true })
  await writeFile(join(bucketDir, 'a.txt'), 'in the bucket')
  await drives.forget(drive, { discardUploads: false })
  expect(list.drives).toEqual([])
  expect(fronts.discarded).toEqual([drive.id])
  await expect(stat(bucketDir)).rejects.toMatchObject({ code: 'ENOENT' })
})

describe('waking', () => {
  test('tells every front that runs, whoever keeps it, and lets be who does not answer', async () => {
    list.drives = [drive, aDrive({ id: 'silent' }), aDrive({ id: 'absent' })]
    fronts.silent.add('silent')
    await startFront()
    await drives.wake()
    expect(fronts.running.get(drive.id)?.wakes).toBe(1)
  })
})

test('only a mounted drive is revealed, at the place where it is', async () => {
  await expect(drives.reveal(drive)).rejects.toMatchObject({ code: 'not-mounted' })
  leaveVolume()
  await drives.reveal(drive)
  expect(volumes.revealed).toEqual(['/mnt/photos'])
})
