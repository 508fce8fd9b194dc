import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { systemClock } from '../../../src-main/lib/clock.ts'
import type { Logger } from '../../../src-main/lib/logger.ts'
import { migrate, type Migrations } from '../../../src-main/services/settings/migrations.ts'
import { parseSettings } from '../../../src-main/services/settings/parse-settings.ts'
import { emptySettings, type DriveSettings } from '../../../src-main/services/settings/schema.ts'
import {
  createSettingsStore,
  type SettingsStore,
} from '../../../src-main/services/settings/settings-store.ts'
import { makeTempDir, type TempDir } from '../../harness/temp-dir.ts'
import { waitFor } from '../../harness/wait-for.ts'

const addDrivesPath = fileURLToPath(new URL('../../fixtures/add-drives.ts', import.meta.url))

const drive: DriveSettings = {
  id: 'photos',
  name: 'Photos',
  kind: 'sandbox',
  sourceDir: '/home/me/Photos',
  port: 4711,
  pathSecret: '0123456789abcdef0123456789abcdef',
  readOnly: false,
  writeMode: 'queued',
}

let temp: TempDir
let filePath: string
let logged: string[]
let store: SettingsStore

beforeEach(async () => {
  temp = await makeTempDir('settings')
  filePath = join(temp.dir, 'config', 'settings.json')
  logged = []
  const record = (place: string, what: string) => void logged.push(`${place} ${what}`)
  const log: Logger = { debug: record, info: record, warn: record, error: record }
  store = createSettingsStore({ filePath, clock: systemClock, log })
})
afterEach(() => temp[Symbol.asyncDispose]())

async function putFile(text: string): Promise<void> {
  await mkdir(join(temp.dir, 'config'), { recursive: true })
  await writeFile(filePath, text)
}

describe('the settings store', () => {
  test('is empty where there is no file, and makes none to say so', async () => {
    expect(await store.read()).toEqual({
      version: 4,
      drives: [],
      updateChannel: 'stable',
      notifications: {},
    })
    expect(await readdir(temp.dir)).toEqual([])
  })

  test('reads what it wrote, in a file and a folder of the user alone', async () => {
    const written = await store.update((settings) => ({ ...settings, drives: [drive] }))
    expect(written.drives).toEqual([drive])
    expect(await store.read()).toEqual(written)
    expect((await stat(filePath)).mode & 0o777).toBe(0o600)
    expect((await stat(join(temp.dir, 'config'))).mode & 0o777).toBe(0o700)
    expect((await readdir(join(temp.dir, 'config'))).sort()).toEqual(['settings.json', 'settings.json.lock'])
  })

  test('leaves the file as it is when a change throws', async () => {
    await store.update((settings) => ({ ...settings, drives: [drive] }))
    const before = await readFile(filePath, 'utf8')
    const update = store.update(() => {
      throw new Error('changed my mind')
    })
    await expect(update).rejects.toThrow('changed my mind')
    expect(await readFile(filePath, 'utf8')).toBe(before)
    await expect(store.update((settings) => settings)).resolves.toMatchObject({ drives: [drive] })
  })

  test.each([
    ['a port that is none', { port: 70_000 }],
    ['an id that leaves its folder', { id: '../x' }],
    ['a source that is relative', { sourceDir: 'Photos' }],
    ['a secret that is too short', { pathSecret: 'abc' }],
  ])('does not write %s', async (_, wrong) => {
    const update = store.update((settings) => ({ ...settings, drives: [{ ...drive, ...wrong }] }))
    await expect(update).rejects.toThrow()
    expect(await store.read()).toEqual(emptySettings)
  })

  test('loses no update of several processes at once', { timeout: 30_000 }, async () => {
    const prefixes = ['a', 'b', 'c']
    const exits = prefixes.map(async (prefix) => {
      const child = spawn(process.execPath, [addDrivesPath, filePath, prefix, '10'], { stdio: 'inherit' })
      return (await once(child, 'exit')) as unknown[]
    })
    expect(await Promise.all(exits)).toEqual(prefixes.map(() => [0, null]))
    const ids = (await store.read()).drives.map(({ id }) => id)
    expect(ids.sort()).toEqual(
      prefixes.flatMap((prefix) => Array.from({ length: 10 }, (_, i) => `${prefix}-${i}`)),
    )
  })

  test('loses no update of this process at once', async () => {
    const updates = Array.from({ length: 10 }, (_, i) =>
      store.update((settings) => ({ ...settings, drives: [...settings.drives, { ...drive, id: `d${i}` }] })),
    )
    await Promise.all(updates)
    expect((await store.read()).drives).toHaveLength(10)
  })

  test('goes on when a process is killed in the middle of its updates', async () => {
    const child = spawn(process.execPath, [addDrivesPath, filePath, 'k', '100000'], { stdio: 'inherit' })
    const exited = once(child, 'exit')
    await waitFor(async () => (await store.read()).drives.length > 3, { what: 'the first updates' })
    child.kill('SIGKILL')
    await exited
    const before = (await store.read()).drives.length
    const after = await store.update((settings) => ({ ...settings, drives: [...settings.drives, drive] }))
    expect(after.drives).toHaveLength(before + 1)
  })

  test.each([
    ['no JSON', '{"version": 2, "drives": ['],
    ['an empty file', ''],
    ['no object', '[]'],
    ['no version', '{"drives":[]}'],
    ['a version that never was', '{"version":0.5,"drives":[]}'],
    ['a drive without a name', JSON.stringify({ version: 2, drives: [{ ...drive, name: '' }] })],
    ['a key nobody knows', JSON.stringify({ version: 2, drives: [], colour: 'red' })],
  ])('keeps a broken file (%s) under another name, says so, and starts empty', async (_, text) => {
    await putFile(text)
    expect(await store.read()).toEqual(emptySettings)
    expect(logged).toEqual(['settings broken'])
    const names = await readdir(join(temp.dir, 'config'))
    const kept = names.filter((name) => /^settings\.json\.broken-\d{4}-\d\d-\d\dT/.test(name))
    expect(kept).toHaveLength(1)
    expect(store.setAsidePath()).toBe(join(temp.dir, 'config', kept[0]!))
    expect(await readFile(join(temp.dir, 'config', kept[0]!), 'utf8')).toBe(text)
    expect(names).not.toContain('settings.json')
  })

  test('leaves a file of a newer version alone, for reading and for writing', async () => {
    await putFile('{"version":5,"drives":{}}')
    const refusal = { code: 'settings-from-the-future', args: { path: filePath, version: 5 } }
    await expect(store.read()).rejects.toMatchObject(refusal)
    await expect(store.update((settings) => settings)).rejects.toMatchObject(refusal)
    expect(await readFile(filePath, 'utf8')).toBe('{"version":5,"drives":{}}')
  })

  test('says where it cannot read', async () => {
    await mkdir(filePath, { recursive: true })
    await expect(store.read()).rejects.toMatchObject({
      code: 'settings-unreadable',
      args: { path: filePath },
    })
  })

  test('says where it cannot write', async () => {
    await writeFile(join(temp.dir, 'config'), 'a file where the folder should be')
    const update = store.update((settings) => settings)
    await expect(update).rejects.toMatchObject({
      code: 'state-dir-unusable',
      args: { path: join(temp.dir, 'config') },
    })
  })
})

describe('migrations', () => {
  const steps: Migrations = {
    1: (settings) => ({ ...settings, drives: [] }),
    2: ({ drives, ...rest }) => ({ ...rest, volumes: drives }),
  }

  test('run one after the other, from the version of the file on', () => {
    expect(migrate({ version: 1 }, 1, 3, steps)).toEqual({ version: 3, volumes: [] })
    expect(migrate({ version: 2, drives: ['x'] }, 2, 3, steps)).toEqual({ version: 3, volumes: ['x'] })
    expect(migrate({ version: 3, volumes: [] }, 3, 3, steps)).toEqual({ version: 3, volumes: [] })
  })

  test('of a version that has none fail', () => {
    expect(() => migrate({ version: 1 }, 1, 2, {})).toThrow(RangeError)
  })

  test('of a file of version 1 give every drive a write mode and keep all else', () => {
    const { writeMode, ...older } = drive
    const drives = [
      { ...older, mountPoint: '/mnt/photos', metadataTtlMs: 0 },
      { ...older, id: 'other' },
    ]
    const settings = { ...emptySettings, drives: drives.map((each) => ({ ...each, writeMode })) }
    expect(parseSettings(JSON.stringify({ version: 1, drives }))).toEqual({ kind: 'settings', settings })
    expect(parseSettings(JSON.stringify({ version: 1, drives: [] }))).toEqual({
      kind: 'settings',
      settings: emptySettings,
    })
  })

  test.each([
    ['no list', {}],
    ['a list of something else', { drives: ['photos', null] }],
  ])('of a file of version 1 with %s leave the refusal to the schema', (_, broken) => {
    expect(parseSettings(JSON.stringify({ version: 1, ...broken })).kind).toBe('broken')
  })

  test('leave a file of version 2 as it is, limits included', () => {
    const limits = { spoolMaxBytes: 1_000, diskReserveBytes: 0, contentCacheBytes: 0 }
    const settings = { version: 2, drives: [{ ...drive, writeMode: 'write-through', ...limits }] }
    expect(parseSettings(JSON.stringify(settings))).toEqual({
      kind: 'settings',
      settings: { ...emptySettings, drives: settings.drives },
    })
  })
})

test('a file of version 3 gets the app’s choices, each as it was without them', () => {
  expect(parseSettings(JSON.stringify({ version: 3, drives: [drive] }))).toEqual({
    kind: 'settings',
    settings: { ...emptySettings, drives: [drive] },
  })
})

describe('a drive in S3 Files', () => {
  const { sourceDir: _, ...common } = drive
  const fileSystem = {
    fileSystemId: 'fs-0123456789abcdef0',
    region: 'eu-central-1',
    server: { host: 'nlb.example.com' },
  }
  const parsed = (changes: object) =>
    parseSettings(
      JSON.stringify({
        version: 3,
        drives: [{ ...common, kind: 's3files', fileSystem: { ...fileSystem, ...changes } }],
      }),
    )

  test('needs no more than its file system, its region and the host to connect to', () => {
    expect(parsed({})).toMatchObject({
      settings: { drives: [{ fileSystem: { remotePath: '/', server: { port: 2049 } } }] },
    })
  })

  test.each([
    ['an id that is none', { fileSystemId: 'my-bucket' }],
    ['a region that is none', { region: 'Frankfurt' }],
    ['an access point that is none', { accessPointId: 'fs-0123456789abcdef0' }],
    ['a path that is not absolute', { remotePath: 'photos' }],
    ['a key that does not belong into the file', { secretAccessKey: 'x' }],
  ])('is refused with %s', (_, changes) => {
    expect(parsed(changes).kind).toBe('broken')
  })
})
