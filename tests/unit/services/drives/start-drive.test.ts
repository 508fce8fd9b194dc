import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { silentLogger } from '../../../../src-main/lib/logger.ts'
import { urlOf } from '../../../../src-main/services/drives/drive.ts'
import type { SandboxDrive } from '../../../../src-main/services/drives/drive.ts'
import { createDriveRegistry } from '../../../../src-main/services/drives/drive-registry.ts'
import { startDrive } from '../../../../src-main/services/drives/start-drive.ts'
import type { StartDeps, StartOptions } from '../../../../src-main/services/drives/start-drive.ts'
import { AppError } from '../../../../src-main/shared/errors.ts'
import { FakeBridges } from '../../../fakes/fake-bridges.ts'
import { aDrive, FakeDriveList } from '../../../fakes/fake-drive-list.ts'
import { FakeFronts } from '../../../fakes/fake-fronts.ts'
import { FakeVolumes } from '../../../fakes/fake-volumes.ts'
import { anUpload } from '../../../fixtures/uploads.ts'
import { makeTempDir } from '../../../harness/temp-dir.ts'
import type { TempDir } from '../../../harness/temp-dir.ts'

let temp: TempDir
let drive: SandboxDrive
let fronts: FakeFronts
let bridges: FakeBridges
let volumes: FakeVolumes
let list: FakeDriveList
let deps: StartDeps
let interrupt: AbortController
let options: StartOptions
let steps: string[]

beforeEach(async () => {
  temp = await makeTempDir('start')
  const sourceDir = join(temp.dir, 'photos')
  await mkdir(sourceDir)
  drive = aDrive({ sourceDir })
  fronts = new FakeFronts()
  bridges = new FakeBridges()
  volumes = new FakeVolumes()
  list = new FakeDriveList([drive])
  const dirs = { volumesDir: join(temp.dir, 'volumes'), stateDir: join(temp.dir, 'state') }
  const registry = createDriveRegistry({ drives: list, dirs })
  deps = { registry, fronts, bridges, volumes, dirs, log: silentLogger }
  interrupt = new AbortController()
  steps = []
  options = { signal: interrupt.signal, withVolume: true, onStep: (step) => steps.push(step) }
})

afterEach(async () => {
  await temp[Symbol.asyncDispose]()
})

test('a drive starts with its front, then its volume on the URL of the front', async () => {
  const started = await startDrive(drive, options, deps)
  const mountPoint = join(temp.dir, 'volumes', 'Photos')
  expect(started).toMatchObject({ drive, mountPoint })
  expect(started).not.toHaveProperty('formerPort')
  expect(steps).toEqual(['checking', 'starting-front', 'mounting'])
  expect(fronts.started).toMatchObject([
    { driveId: 'abc234', port: 40_001, backend: { kind: 'local', rootDir: drive.sourceDir } },
  ])
  expect(volumes.mounted).toMatchObject([{ url: urlOf(drive), mountPoint, name: 'Photos', readOnly: false }])
})

test('without a mounter a drive can be served without a volume', async () => {
  const started = await startDrive(drive, { ...options, withVolume: false }, { ...deps, volumes: undefined })
  expect(started.mountPoint).toBeUndefined()
  expect([...fronts.running.keys()]).toEqual(['abc234'])
})

test('a drive whose front still delivers is mounted with a new front, which has the uploads', async () => {
  const first = await startDrive(drive, options, deps)
  volumes.table = []
  const delivering = fronts.running.get(drive.id)!
  delivering.uploads = [anUpload({ id: 7 })]
  first.front.drain()
  const second = await startDrive(drive, options, deps)
  expect(second.drive.port).toBe(drive.port)
  expect(fronts.started).toHaveLength(2)
  expect(fronts.running.get(drive.id)).not.toBe(delivering)
  expect(fronts.running.get(drive.id)!.uploads).toEqual([anUpload({ id: 7 })])
  expect(volumes.table).toHaveLength(1)
})

test('a drive whose folder another front has taken a moment before is busy', async () => {
  fronts.startErrors.push(new AppError('busy', { path: '/state' }))
  await expect(startDrive(drive, options, deps)).rejects.toMatchObject({
    code: 'busy',
    args: { name: 'Photos' },
  })
})

test.each([
  ['queued', {}],
  ['write-through', { spoolMaxBytes: 1_000, diskReserveBytes: 2_000, contentCacheBytes: 3_000 }],
] as const)('a %s drive tells its front so, with the limits that were chosen', async (writeMode, limits) => {
  await startDrive({ ...drive, writeMode, ...limits }, options, deps)
  expect(fronts.started).toMatchObject([{ writeMode, ...limits }])
})

test('a volume that lost its front gets a new one on the same URL and is not mounted again', async () => {
  volumes.table = [{ url: urlOf(drive), mountPoint: '/elsewhere' }]
  const started = await startDrive(drive, options, deps)
  expect(started).toMatchObject({ mountPoint: '/elsewhere', front: { url: urlOf(drive) } })
  expect(volumes.mounted).toEqual([])
})

test('a taken port is replaced by a free one, which the drive keeps', async () => {
  fronts.takenPorts.add(drive.port)
  const started = await startDrive(drive, options, deps)
  expect(started).toMatchObject({ formerPort: 40_001, drive: { port: 50_000 } })
  expect(list.drives[0]?.port).toBe(50_000)
  expect(volumes.mounted[0]?.url).toBe(urlOf({ ...drive, port: 50_000 }))
})

describe('what fails leaves nothing running:', () => {
  interface Failure {
    readonly what: string
    readonly arrange: () => void | Promise<void>
    readonly code: string
  }
  const failures: readonly Failure[] = [
    {
      what: 'the folder is gone',
      arrange: () => {
        drive = { ...drive, sourceDir: join(temp.dir, 'gone') }
      },
      code: 'source-missing',
    },
    {
      what: 'the folder is a file',
      arrange: async () => {
        drive = { ...drive, sourceDir: join(temp.dir, 'file') }
        await writeFile(drive.sourceDir, '')
      },
      code: 'source-not-a-folder',
    },
    {
      what: 'there is no mounter on this platform',
      arrange: () => {
        deps = { ...deps, volumes: undefined }
      },
      code: 'mounter-missing',
    },
    {
      what: 'the mounter cannot be used',
      arrange: () => {
        volumes.obstacle = new AppError('permission-denied', { needed: 'root' })
      },
      code: 'permission-denied',
    },
    {
      what: 'the mount point lies in the folder',
      arrange: () => {
        drive = { ...drive, mountPoint: join(drive.sourceDir, 'sub', 'volume') }
      },
      code: 'mount-point-inside-source',
    },
    {
      what: 'the folder lies in the mount point',
      arrange: () => {
        drive = { ...drive, mountPoint: temp.dir }
      },
      code: 'mount-point-inside-source',
    },
    {
      what: 'the mount table cannot be read',
      arrange: () => {
        volumes.listError = new AppError('command-failed', { command: 'mount' })
      },
      code: 'command-failed',
    },
    {
      what: 'the front does not start',
      arrange: () => {
        fronts.startErrors.push(new AppError('front-start-failed'))
      },
      code: 'front-start-failed',
    },
    {
      what: 'the front finds no other port either',
      arrange: () => {
        fronts.startErrors.push(new AppError('port-taken'), new AppError('front-timeout'))
      },
      code: 'front-timeout',
    },
    {
      what: 'the new port cannot be saved',
      arrange: () => {
        fronts.takenPorts.add(drive.port)
        list.drives = []
      },
      code: 'drive-unknown',
    },
    {
      what: 'the volume is not mounted',
      arrange: () => {
        volumes.mountError = new AppError('mount-point-not-empty')
      },
      code: 'mount-point-not-empty',
    },
    {
      what: 'an interrupt comes first of all',
      arrange: () => interrupt.abort(),
      code: 'cancelled',
    },
    {
      what: 'an interrupt comes while mounting, and the mounter does not notice',
      arrange: () => {
        volumes.onMount = () => interrupt.abort()
      },
      code: 'cancelled',
    },
  ]

  test.each(failures)('$what', async ({ arrange, code }) => {
    await arrange()
    await expect(startDrive(drive, options, deps)).rejects.toMatchObject({ code })
    expect([...fronts.running.keys()]).toEqual([])
    expect(volumes.table).toEqual([])
  })
})

test('what was started is ended in reverse: the volume before the front it talks to', async () => {
  const order: string[] = []
  volumes.onMount = () => {
    interrupt.abort()
    const front = fronts.running.get(drive.id)
    void front?.closed.then(() => order.push(`front ended, ${volumes.table.length} volumes`))
  }
  await expect(startDrive(drive, options, deps)).rejects.toMatchObject({ code: 'cancelled' })
  expect(order).toEqual(['front ended, 0 volumes'])
})

describe('a drive that another process looks after is left alone:', () => {
  test('it is mounted and served', async () => {
    const other = await startDrive(drive, options, deps)
    await expect(startDrive(drive, options, deps)).rejects.toMatchObject({
      code: 'already-mounted',
      args: { name: 'Photos', mountPoint: other.mountPoint },
    })
    expect(fronts.running.has(drive.id)).toBe(true)
    expect(volumes.table).toHaveLength(1)
  })

  test('its front is there and the volume is still to come', async () => {
    await startDrive(drive, { ...options, withVolume: false }, deps)
    await expect(startDrive(drive, options, deps)).rejects.toMatchObject({ code: 'busy' })
    expect(fronts.running.has(drive.id)).toBe(true)
  })

  test('both looked at the same moment, and the other one got the port', async () => {
    fronts.onStart = (config) => void fronts.start(config, options.signal)
    await expect(startDrive(drive, options, deps)).rejects.toMatchObject({ code: 'busy' })
    expect(fronts.running.has(drive.id)).toBe(true)
    expect(volumes.table).toEqual([])
    expect(list.drives[0]?.port).toBe(drive.port)
  })
})

test('a volume whose port was taken meanwhile cannot be repaired on another one', async () => {
  volumes.table = [{ url: urlOf(drive), mountPoint: '/elsewhere' }]
  fronts.takenPorts.add(drive.port)
  await expect(startDrive(drive, options, deps)).rejects.toMatchObject({
    code: 'port-taken',
    args: { port: 40_001, name: 'Photos' },
  })
  expect(volumes.table).toHaveLength(1)
})
