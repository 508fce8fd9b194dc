import { beforeEach, expect, test } from 'vitest'

import { silentLogger } from '../../../../src-main/lib/logger.ts'
import { createDriveRegistry } from '../../../../src-main/services/drives/drive-registry.ts'
import { keepDrive, type KeepDeps, type KeptDrive } from '../../../../src-main/services/drives/keep-drive.ts'
import { AppError } from '../../../../src-main/shared/errors.ts'
import { anAddress, FakeBridges } from '../../../fakes/fake-bridges.ts'
import { FakeClock } from '../../../fakes/fake-clock.ts'
import { anS3FilesDrive, FakeDriveList } from '../../../fakes/fake-drive-list.ts'
import { FakeFronts } from '../../../fakes/fake-fronts.ts'
import { shareTable } from '../../../../src-main/services/drives/shared-table.ts'
import { FakeVolumes } from '../../../fakes/fake-volumes.ts'

const drive = anS3FilesDrive({ mountPoint: '/volume' })
const anotherAddress = { url: 'http://127.0.0.1:41002', token: 'of the second agent' }

let fronts: FakeFronts
let bridges: FakeBridges
let volumes: FakeVolumes
let clock: FakeClock
let deps: KeepDeps
let steps: string[]

beforeEach(() => {
  fronts = new FakeFronts()
  bridges = new FakeBridges()
  volumes = new FakeVolumes()
  clock = new FakeClock()
  steps = []
  const dirs = { volumesDir: '/volumes', stateDir: '/state' }
  const registry = createDriveRegistry({ drives: new FakeDriveList([drive]), dirs })
  const sharedTable = shareTable(volumes, clock)
  deps = { registry, fronts, bridges, volumes, sharedTable, dirs, clock, log: silentLogger }
})

function keep(): Promise<KeptDrive> {
  const { signal } = new AbortController()
  return keepDrive(drive, { signal, withVolume: true, onStep: (step) => steps.push(step) }, deps)
}

test('its bridge is there before its front, which is told where, and its volume comes last', async () => {
  await keep()
  expect(steps).toEqual(['checking', 'connecting', 'starting-front', 'mounting'])
  expect(bridges.started.map((bridge) => bridge.drive)).toEqual([drive])
  expect(fronts.started).toMatchObject([{ backend: { kind: 'bridge', report: { address: anAddress } } }])
})

test('what was read from it is kept on this machine unless it is told otherwise', async () => {
  await keep()
  expect(fronts.started[0]?.contentCacheBytes).toBe(5 * 1024 ** 3)
})

test('without its bridge it does not start, and nothing is left running', async () => {
  bridges.startErrors.push(new AppError('permission-denied'))
  await expect(keep()).rejects.toMatchObject({ code: 'permission-denied' })
  expect(fronts.started).toEqual([])
  expect(volumes.mounted).toEqual([])
})

test('when its front cannot start, its bridge is ended again', async () => {
  fronts.startErrors.push(new AppError('front-timeout'))
  await expect(keep()).rejects.toMatchObject({ code: 'front-timeout' })
  expect(bridges.started[0]?.isStopped).toBe(true)
})

test('its front hears of each agent that takes over, and of what keeps the bridge from working', async () => {
  await keep()
  const trouble = { code: 'permission-denied', args: {} } as const
  bridges.started[0]?.change({ trouble })
  bridges.started[0]?.change({ address: anotherAddress })
  expect(fronts.running.get(drive.id)?.bridgeReports).toEqual([{ trouble }, { address: anotherAddress }])
})

test('a front that is started anew begins with what its bridge is by then', async () => {
  await keep()
  bridges.started[0]?.change({ address: anotherAddress })
  fronts.crash(drive.id)
  await clock.advance(5_000)
  expect(fronts.started).toHaveLength(2)
  expect(fronts.started[1]).toMatchObject({ backend: { report: { address: anotherAddress } } })
})

test('its bridge ends last, when its front has delivered through it', async () => {
  const kept = await keep()
  const [bridge] = bridges.started
  const stillRunning: number[] = []
  bridge!.onStop = () => stillRunning.push(fronts.running.size, volumes.table.length)
  await kept.unmount({ force: false })
  expect(bridge!.isStopped).toBe(true)
  expect(stillRunning).toEqual([0, 0])
})

test('the probes of its mount are heard, and what S3 Files says of a file is asked through its bridge', async () => {
  const kept = await keep()
  const heard: number[] = []
  kept.roundTrips.on((ms) => heard.push(ms))
  const bridge = bridges.started[0]!
  bridge.answerProbe(17)
  bridge.exports.set('/a.txt', { exportError: 'S3AccessDenied' })
  const { signal } = new AbortController()
  expect(heard).toEqual([17])
  expect(await kept.exportOf('/a.txt', signal)).toEqual({ exportError: 'S3AccessDenied' })
  await expect(kept.exportOf('/b.txt', signal)).rejects.toMatchObject({ code: 'not-found' })
})

test('what its fronts say is heard on one line, whichever of them says it', async () => {
  const kept = await keep()
  const heard: string[] = []
  kept.frontEvents.on((event) => heard.push(event.type === 'saved' ? event.path : event.type))
  const saved = { type: 'saved', id: 1, size: 3, atMs: 0 } as const
  fronts.running.get(drive.id)!.say({ ...saved, path: '/a' })
  fronts.crash(drive.id)
  await clock.advance(5_000)
  fronts.running.get(drive.id)!.say({ ...saved, path: '/b' })
  expect(heard).toEqual(['/a', '/b'])
})
