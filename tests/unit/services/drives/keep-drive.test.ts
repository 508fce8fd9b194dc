import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import type { DriveState } from '../../../../src-main/shared/drive-state.ts'
import { silentLogger } from '../../../../src-main/lib/logger.ts'
import type { Drive } from '../../../../src-main/services/drives/drive.ts'
import { createDriveRegistry } from '../../../../src-main/services/drives/drive-registry.ts'
import { keepDrive } from '../../../../src-main/services/drives/keep-drive.ts'
import type { KeepDeps, KeptDrive } from '../../../../src-main/services/drives/keep-drive.ts'
import { AppError } from '../../../../src-main/shared/errors.ts'
import { FakeClock } from '../../../fakes/fake-clock.ts'
import { FakeBridges } from '../../../fakes/fake-bridges.ts'
import { aDrive, FakeDriveList } from '../../../fakes/fake-drive-list.ts'
import { FakeFronts } from '../../../fakes/fake-fronts.ts'
import type { FakeFront } from '../../../fakes/fake-fronts.ts'
import { shareTable } from '../../../../src-main/services/drives/shared-table.ts'
import { FakeVolumes } from '../../../fakes/fake-volumes.ts'
import { anUpload } from '../../../fixtures/uploads.ts'
import { makeTempDir } from '../../../harness/temp-dir.ts'
import type { TempDir } from '../../../harness/temp-dir.ts'

let temp: TempDir
let drive: Drive
let fronts: FakeFronts
let bridges: FakeBridges
let volumes: FakeVolumes
let clock: FakeClock
let deps: KeepDeps
let kept: KeptDrive
let states: DriveState['kind'][]

beforeEach(async () => {
  temp = await makeTempDir('keep')
  const sourceDir = join(temp.dir, 'photos')
  await mkdir(sourceDir)
  drive = aDrive({ sourceDir, mountPoint: join(temp.dir, 'volume') })
  fronts = new FakeFronts()
  bridges = new FakeBridges()
  volumes = new FakeVolumes()
  clock = new FakeClock()
  const dirs = { volumesDir: join(temp.dir, 'volumes'), stateDir: join(temp.dir, 'state') }
  const registry = createDriveRegistry({ drives: new FakeDriveList([drive]), dirs })
  const sharedTable = shareTable(volumes, clock)
  deps = { registry, fronts, bridges, volumes, sharedTable, dirs, clock, log: silentLogger }
  kept = await keep()
  states = []
  kept.stateChanged.on(({ kind }) => states.push(kind))
})

afterEach(async () => {
  await temp[Symbol.asyncDispose]()
})

function keep(withVolume = true): Promise<KeptDrive> {
  const { signal } = new AbortController()
  return keepDrive(drive, { signal, withVolume, onStep: () => undefined }, deps)
}

function mountPoint(): string {
  if (drive.mountPoint === undefined) throw new Error('the drive of these tests has a mount point')
  return drive.mountPoint
}

test('a kept drive is mounted and its front answers', async () => {
  expect(kept.state()).toEqual({ kind: 'mounted', path: mountPoint() })
  expect((await kept.frontStatus()).driveId).toBe(drive.id)
})

test('unmounting ends the volume and then the front', async () => {
  await kept.unmount({ force: false })
  expect(await kept.ended).toBe('unmounted')
  expect(volumes.unmounted).toEqual([{ mountPoint: mountPoint(), force: false }])
  expect([...fronts.running.keys()]).toEqual([])
  expect(states).toEqual(['unmounting', 'unmounted'])
  expect(clock.pendingCount).toBe(0)
})

test('a volume in use stays, and its front with it', async () => {
  volumes.unmountError = new AppError('unmount-busy', { mountPoint: mountPoint() })
  await expect(kept.unmount({ force: false })).rejects.toMatchObject({ code: 'unmount-busy' })
  expect(kept.state().kind).toBe('mounted')
  expect(fronts.running.has(drive.id)).toBe(true)
  await kept.unmount({ force: true })
  expect(await kept.ended).toBe('unmounted')
})

test('an unmount that fails although the volume has gone is done', async () => {
  volumes.lateUnmountError = new AppError('command-timeout')
  await kept.unmount({ force: false })
  expect(await kept.ended).toBe('unmounted')
})

test('an unmount that somebody else was faster with is done', async () => {
  volumes.eject(mountPoint())
  await kept.unmount({ force: false })
  expect(await kept.ended).toBe('unmounted')
})

test('a volume that is ejected elsewhere takes the front with it within a few seconds', async () => {
  volumes.eject(mountPoint())
  await clock.advance(5_000)
  expect(await kept.ended).toBe('volume-gone')
  expect([...fronts.running.keys()]).toEqual([])
  expect(states).toEqual(['unmounted'])
  expect(clock.pendingCount).toBe(0)
})

test('a front outlives its volume for as long as the client still hands over what it holds', async () => {
  const front = fronts.running.get(drive.id)
  volumes.eject(mountPoint())
  for (let second = 0; second < 20; second += 1) {
    front?.countRequest()
    await clock.advance(1_000)
    expect(fronts.running.has(drive.id)).toBe(true)
  }
  await clock.advance(5_000)
  expect(await kept.ended).toBe('volume-gone')
})

test('a front that never comes to rest is stopped all the same, some minutes after its volume went', async () => {
  const front = fronts.running.get(drive.id)
  volumes.eject(mountPoint())
  for (let second = 0; second < 180; second += 1) {
    front?.countRequest()
    await clock.advance(1_000)
  }
  expect([...fronts.running.keys()]).toEqual([])
})

test('a mount table that cannot be read for a while ends nothing', async () => {
  volumes.listError = new AppError('command-timeout')
  await clock.advance(10_000)
  volumes.listError = undefined
  await clock.advance(10_000)
  expect(kept.state().kind).toBe('mounted')
  expect(fronts.running.has(drive.id)).toBe(true)
})

describe('a front that crashes', () => {
  test('is started again at once, on the same port and path, and the volume stays', async () => {
    fronts.crash(drive.id)
    await clock.advance(0)
    expect(fronts.started).toHaveLength(2)
    expect(fronts.started[1]).toEqual(fronts.started[0])
    expect(volumes.table).toHaveLength(1)
    expect(volumes.mounted).toHaveLength(1)
    expect(kept.state()).toEqual({ kind: 'mounted', path: mountPoint() })
  })

  test('and does not come back is tried again and again, and shown as down meanwhile', async () => {
    fronts.startErrors.push(...Array.from({ length: 5 }, () => new AppError('source-missing')))
    fronts.crash(drive.id)
    await clock.advance(1)
    expect(kept.state()).toMatchObject({ kind: 'mounted', degraded: 'front-down' })
    await expect(kept.frontStatus()).rejects.toMatchObject({ code: 'front-died' })
    await clock.advance(60_000)
    expect(kept.state()).toEqual({ kind: 'mounted', path: mountPoint() })
    expect((await kept.frontStatus()).driveId).toBe(drive.id)
  })

  test('after a long good time is started again at once, whatever happened before that', async () => {
    for (let crash = 0; crash < 6; crash += 1) {
      fronts.crash(drive.id)
      await clock.advance(10_000)
    }
    await clock.advance(31_000)
    fronts.crash(drive.id)
    await clock.advance(0)
    expect(kept.state()).toEqual({ kind: 'mounted', path: mountPoint() })
    fronts.crash(drive.id)
    await clock.advance(0)
    expect(kept.state()).toMatchObject({ degraded: 'front-down' })
  })

  test('over and over is given more and more time, but never longer than ten seconds', async () => {
    let crashes = 0
    for (let second = 0; second < 60; second += 1) {
      if (fronts.running.has(drive.id)) {
        fronts.crash(drive.id)
        crashes += 1
      }
      await clock.advance(1_000)
    }
    expect(crashes).toBeGreaterThan(6)
    expect(crashes).toBeLessThan(25)
  })

  test('because the volume was unmounted elsewhere is not started again', async () => {
    volumes.eject(mountPoint())
    fronts.crash(drive.id)
    await clock.advance(0)
    expect(await kept.ended).toBe('volume-gone')
    expect(fronts.started).toHaveLength(1)
  })

  test('while the volume is being unmounted does not come back afterwards', async () => {
    fronts.startErrors.push(new AppError('front-start-failed'))
    fronts.crash(drive.id)
    await kept.unmount({ force: false })
    await clock.advance(60_000)
    expect(fronts.started).toHaveLength(1)
    expect([...fronts.running.keys()]).toEqual([])
  })
})

test('a front that waits for its files is shown as stalled until it goes on', async () => {
  const front = fronts.running.get(drive.id)
  front?.say({ type: 'stalled', operation: 'list' })
  expect(kept.state()).toMatchObject({ kind: 'mounted', degraded: 'front-stalled' })
  front?.say({ type: 'recovered', afterMs: 20 })
  expect(kept.state()).toEqual({ kind: 'mounted', path: mountPoint() })
  await kept.unmount({ force: false })
})

describe('after the machine has slept', () => {
  test('the front is told within seconds, once', async () => {
    const front = fronts.running.get(drive.id)
    await clock.advance(60_000)
    expect(front?.wakes).toBe(0)
    clock.sleepOver(3_600_000)
    await clock.advance(60_000)
    expect(front?.wakes).toBe(1)
  })

  test('a front that had to be started again meanwhile is told, the one before is not', async () => {
    const before = fronts.running.get(drive.id)
    clock.sleepOver(3_600_000)
    fronts.crash(drive.id)
    await clock.advance(60_000)
    expect([before?.wakes, fronts.running.get(drive.id)?.wakes]).toEqual([0, 1])
  })

  test('a keeper whose front is down goes on as before', async () => {
    fronts.startErrors.push(...Array.from({ length: 3 }, () => new AppError('source-missing')))
    fronts.crash(drive.id)
    clock.sleepOver(3_600_000)
    await clock.advance(60_000)
    expect(kept.state()).toEqual({ kind: 'mounted', path: mountPoint() })
  })
})

test('a drive served without a volume is kept as well, until it is told to end', async () => {
  await kept.unmount({ force: false })
  const served = await keep(false)
  expect(served.mountPoint).toBeUndefined()
  fronts.crash(drive.id)
  await clock.advance(5_000)
  expect(fronts.running.has(drive.id)).toBe(true)
  await served.unmount({ force: false })
  expect(await served.ended).toBe('unmounted')
  expect([...fronts.running.keys()]).toEqual([])
})

describe('a drive with uploads pending', () => {
  const front = (): FakeFront => {
    const running = fronts.running.get(drive.id)
    if (running === undefined) throw new Error('no front runs')
    return running
  }

  beforeEach(() => {
    front().uploads = [anUpload({ id: 1 }), anUpload({ id: 2 }), anUpload({ id: 3, state: 'attention' })]
  })

  test('is unmounted at once, and its front stays until they are delivered', async () => {
    const unmounting = kept.unmount({ force: false })
    await expect.poll(() => kept.state()).toEqual({ kind: 'delivering' })
    expect(volumes.table).toEqual([])
    front().deliver(1)
    await clock.advance(60 * 60_000)
    expect(fronts.running.has(drive.id)).toBe(true)
    front().deliver(2)
    await unmounting
    expect(await kept.ended).toBe('unmounted')
    expect(states).toEqual(['unmounting', 'delivering', 'unmounted'])
    expect([...fronts.running.keys()]).toEqual([])
    expect(clock.pendingCount).toBe(0)
  })

  test('and ejected in Finder is delivered all the same', async () => {
    volumes.eject(mountPoint())
    await clock.advance(10_000)
    expect(kept.state()).toEqual({ kind: 'delivering' })
    expect((await front().status()).draining).toBe(true)
    front().deliver(1, 2)
    expect(await kept.ended).toBe('volume-gone')
    expect([...fronts.running.keys()]).toEqual([])
  })

  test('goes on with a new front when that crashes while it delivers', async () => {
    const unmounting = kept.unmount({ force: false })
    await expect.poll(() => kept.state()).toEqual({ kind: 'delivering' })
    front().deliver(1)
    fronts.crash(drive.id)
    await clock.advance(1_000)
    expect(fronts.started).toHaveLength(2)
    expect(front().uploads.map(({ id }) => id)).toEqual([2, 3])
    expect((await front().status()).draining).toBe(true)
    front().deliver(2)
    await unmounting
    expect([...fronts.running.keys()]).toEqual([])
  })

  test('gets a front that had crashed back, although its volume went meanwhile', async () => {
    volumes.eject(mountPoint())
    fronts.crash(drive.id)
    await clock.advance(10_000)
    expect(kept.state()).toEqual({ kind: 'delivering' })
    front().deliver(1, 2)
    expect(await kept.ended).toBe('volume-gone')
  })

  test('leaves them when told not to wait, and starts no front again', async () => {
    const unmounting = kept.unmount({ force: false })
    await expect.poll(() => kept.state()).toEqual({ kind: 'delivering' })
    kept.leave()
    await unmounting
    await clock.advance(60_000)
    expect(fronts.started).toHaveLength(1)
    expect([...fronts.running.keys()]).toEqual([])
    expect((await fronts.keptUploads(fronts.started[0]!.stateDir)).count).toBe(3)
  })

  test.each(['before', 'after'])(
    'leaves them when another process ends its front %s it has seen the volume go',
    async (moment) => {
      volumes.eject(mountPoint())
      if (moment === 'after') {
        await clock.advance(10_000)
        expect(kept.state()).toEqual({ kind: 'delivering' })
      }
      await front().stop()
      await clock.advance(60_000)
      expect(await kept.ended).toBe('volume-gone')
      expect(fronts.started).toHaveLength(1)
    },
  )

  test('gives way when the drive was mounted anew before its crashed front was back', async () => {
    const unmounting = kept.unmount({ force: false })
    await expect.poll(() => kept.state()).toEqual({ kind: 'delivering' })
    fronts.takenPorts.add(drive.port)
    fronts.crash(drive.id)
    await clock.advance(60_000)
    await unmounting
    fronts.takenPorts.clear()
    await clock.advance(60_000)
    expect(fronts.started).toHaveLength(1)
  })

  test('is not delivered for ever by fronts that cannot be started: what is pending is kept', async () => {
    const unmounting = kept.unmount({ force: false })
    await expect.poll(() => kept.state()).toEqual({ kind: 'delivering' })
    fronts.startErrors.push(...Array.from({ length: 100 }, () => new AppError('source-missing')))
    fronts.crash(drive.id)
    await clock.advance(120_000)
    expect(kept.state()).toEqual({ kind: 'delivering' })
    await clock.advance(180_000)
    await unmounting
    expect(kept.deliveryFailure()).toMatchObject({ code: 'source-missing' })
    expect(await kept.ended).toBe('unmounted')
    expect((await fronts.keptUploads(fronts.started[0]!.stateDir)).count).toBe(3)
    expect(clock.pendingCount).toBe(0)
  })

  test('nor by fronts that die of what they find', async () => {
    const unmounting = kept.unmount({ force: false })
    await expect.poll(() => kept.state()).toEqual({ kind: 'delivering' })
    for (let second = 0; second < 300; second++) {
      fronts.crash(drive.id)
      await clock.advance(1_000)
    }
    await unmounting
    expect(kept.deliveryFailure()).toMatchObject({ code: 'front-died' })
    expect([...fronts.running.keys()]).toEqual([])
  })

  test('gets its front back however long that takes while the volume is there', async () => {
    fronts.startErrors.push(...Array.from({ length: 100 }, () => new AppError('source-missing')))
    fronts.crash(drive.id)
    await clock.advance(3_600_000)
    expect(kept.state()).toEqual({ kind: 'mounted', path: mountPoint() })
    expect(kept.deliveryFailure()).toBeUndefined()
  })

  test('does not wait for what only a person can help', async () => {
    front().deliver(1, 2)
    await kept.unmount({ force: false })
    expect(states).toEqual(['unmounting', 'unmounted'])
    expect((await fronts.keptUploads(fronts.started[0]!.stateDir)).attention).toBe(1)
  })
})
