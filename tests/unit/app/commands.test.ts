import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, describe, expect, test } from 'vitest'

import type { CommandInput, CommandName } from '../../../src-main/shared/app/commands.ts'
import { commandSchemas } from '../../../src-main/shared/app/commands.ts'
import { aDrive, anS3FilesDrive } from '../../fakes/fake-drive-list.ts'
import { anUpload } from '../../fixtures/uploads.ts'
import { openApp, readyEngine, type OpenApp, type OpenOptions } from './open-app.ts'

let cleanup = new AsyncDisposableStack()
afterEach(async () => {
  await cleanup.disposeAsync()
  cleanup = new AsyncDisposableStack()
})

async function open(options: OpenOptions = {}): Promise<OpenApp> {
  return cleanup.use(await openApp(options))
}

const here = aDrive({ sourceDir: import.meta.dirname })
const far = anS3FilesDrive({ id: 'far234', name: 'Far', port: 40_002 })
const driveId = here.id

async function openMounted(): Promise<OpenApp> {
  const opened = await open({ drives: [here] })
  await opened.do('drive.mount', { driveId })
  return opened
}

describe('what a window may not ask', () => {
  test.each(Object.keys(commandSchemas) as CommandName[])('%s with what it does not take', async (name) => {
    const { refusal } = await open()
    const nonsense = { surprise: true } as unknown as CommandInput<CommandName>
    expect(await refusal(name, nonsense)).toBe('message-invalid')
  })

  test.each([
    ['drive.mount', { driveId: 'x' }, 'drive-unknown'],
    ['drive.unmount', { driveId: 'x', force: false, wait: false }, 'drive-unknown'],
    ['drive.reveal', { driveId: 'x' }, 'drive-unknown'],
    ['drive.reveal', { driveId }, 'not-mounted'],
    ['drive.copy-path', { driveId }, 'not-mounted'],
    ['drive.change', { driveId: 'x', changes: {} }, 'drive-unknown'],
    ['drive.change', { driveId, changes: { name: 'a/b' } }, 'name-invalid'],
    ['drive.remove', { driveId: 'x', discardUploads: true }, 'drive-unknown'],
    ['drive.add-sandbox', { dir: '/not/there', mount: false }, 'source-missing'],
    ['upload.retry', { driveId, id: 1 }, 'not-mounted'],
    ['file.reveal', { driveId, paths: ['/a'] }, 'not-mounted'],
    ['account.sign-in', { profile: 'nobody', method: 'browser' }, 'sign-in-not-used'],
  ] as const)('%s %j: %s', async (name, input, code) => {
    const { refusal } = await open({ drives: [here] })
    expect(await refusal(name, input as CommandInput<typeof name>)).toBe(code)
  })
})

describe('what the desktop does for a window', () => {
  test.each([
    ['app.open-link', { link: 'docs' }, ['open-link', 'docs']],
    ['app.install-update', {}, ['install']],
    ['app.quit', {}, ['quit']],
    ['popover.resize', { height: 300 }, ['resize', 300]],
    ['popover.hide', {}, ['hide']],
    ['dialog.choose-folder', { title: 'Where' }, ['choose-folder', 'Where']],
  ] as const)('%s', async (name, input, deed) => {
    const { do: run, desktop } = await open()
    await run(name, input as CommandInput<typeof name>)
    expect(desktop.deeds).toContainEqual(deed)
  })

  test('shows the logs, a drive’s path, its files and both files of a conflict', async () => {
    const { do: run, desktop, drive, dir, refusal } = await openMounted()
    await run('app.show-logs', {})
    await run('drive.copy-path', { driveId })
    await run('file.reveal', { driveId, paths: ['/a/b.txt', '/a/b (conflict).txt'] })
    const { mountPoint } = drive()
    expect(desktop.deeds).toEqual([
      ['open-path', join(dir, 'logs')],
      ['copy', mountPoint],
      ['reveal', join(mountPoint, 'a/b.txt')],
      ['reveal', join(mountPoint, 'a/b (conflict).txt')],
    ])
    expect(await refusal('file.reveal', { driveId, paths: ['/../../etc/passwd'] })).toBe('outside-root')
  })

  test('opens the bucket of a drive once it is known, and the folder of a Sandbox', async () => {
    const choice = {
      fileSystemId: far.fileSystem.fileSystemId,
      name: undefined,
      bucket: 'photos',
      prefix: 'summer/',
      status: 'available',
      statusMessage: undefined,
    }
    const {
      do: run,
      desktop,
      drive,
      vitals,
    } = await open({
      drives: [far, here],
      lookup: { fileSystems: () => Promise.resolve([choice]) },
    })
    await run('drive.open-console', { driveId: far.id })
    await run('lookup.file-systems', { region: 'eu-central-1' })
    await run('drive.open-console', { driveId: far.id })
    await run('drive.open-console', { driveId })
    const console = 'https://eu-central-1.console.aws.amazon.com/s3/buckets'
    expect(desktop.deeds).toEqual([
      ['open-url', `${console}?region=eu-central-1`],
      ['open-url', `${console}/photos?prefix=summer%2F&region=eu-central-1`],
      ['open-path', here.sourceDir],
    ])
    expect(drive('Far').source).toMatchObject({ bucket: { name: 'photos', prefix: 'summer/' } })
    expect(vitals.watched.get(far.id)?.objects).toMatchObject({
      kind: 's3',
      bucket: 'photos',
      keyPrefix: 'summer/',
    })
  })
})

describe('drives', () => {
  test('are changed in all that a window shows of them', async () => {
    const { do: run, drive } = await open({ drives: [here] })
    const changes = {
      name: 'Pictures',
      mountPoint: '/mnt/pictures',
      readOnly: true,
      autoMount: true,
      writeMode: 'write-through',
      contentCacheBytes: 0,
      spoolMaxBytes: 1_000,
    } as const
    await run('drive.change', { driveId, changes })
    expect(drive()).toMatchObject(changes)
  })

  test('in S3 Files are added as a window describes them', async () => {
    const { do: run, drive } = await open()
    const { fileSystemId, region, server } = far.fileSystem
    const fileSystem = { name: 'Data', region, fileSystemId, server }
    await run('drive.add-file-system', { fileSystem, mount: false })
    expect(drive('Data')).toMatchObject({
      source: { kind: 's3files', fileSystemId, remotePath: '/' },
      state: { kind: 'unmounted' },
      contentCacheBytes: 5 * 1024 ** 3,
    })
  })

  test('that are mounted are unmounted before they are removed', async () => {
    const { app, do: run, volumes, fronts } = await openMounted()
    await run('drive.remove', { driveId, discardUploads: false })
    expect([app.snapshot().drives, volumes.table, fronts.running.size]).toEqual([[], [], 0])
  })
})

describe('uploads', () => {
  test('are tried again, given up and copied by the front that has them', async () => {
    const { do: run, desktop, fronts, pass } = await openMounted()
    const front = fronts.running.get(driveId)!
    front.uploads = [anUpload({ id: 7, path: '/a/b.txt' })]
    await pass(3_500)
    desktop.answers.push('/home/me/b.txt', undefined)
    await run('upload.retry', { driveId, id: 7 })
    await run('upload.discard', { driveId, id: 7 })
    expect(await run('upload.export', { driveId, id: 7 })).toEqual({ path: '/home/me/b.txt' })
    expect(await run('upload.export', { driveId, id: 7 })).toEqual({ path: undefined })
    expect(front.acts).toEqual(['retry 7', 'discard 7', 'export /home/me/b.txt 7'])
    expect(desktop.deeds.at(-1)).toEqual(['choose-save-path', 'b.txt'])
  })
})

describe('settings', () => {
  test('are the system’s own where it has them, and remembered otherwise', async () => {
    const { app, do: run, desktop, parts } = await open()
    await run('settings.change', {
      openAtLogin: true,
      updateChannel: 'beta',
      notifications: { conflict: false },
    })
    expect(app.snapshot().settings).toMatchObject({
      openAtLogin: true,
      updateChannel: 'beta',
      notifications: { conflict: false, 'drive-lost': true },
    })
    expect(desktop.deeds).toContainEqual(['channel', 'beta'])
    expect(await parts.settings.read()).toMatchObject({
      updateChannel: 'beta',
      notifications: { conflict: false },
    })
  })

  test('a chosen engine is remembered, looked for at once, and forgotten again', async () => {
    const { app, do: run, world, parts, pass } = await open()
    const looks = world.looks
    await run('engine.choose', { address: '/my.sock' })
    await pass(1)
    expect(world.looks).toBe(looks + 1)
    expect(app.snapshot().engine).toMatchObject({ state: 'ready', chosen: '/my.sock' })
    await run('engine.choose', {})
    expect(app.snapshot().engine.chosen).toBeUndefined()
    expect(await parts.settings.read()).not.toHaveProperty('engine')
    await run('engine.look-again', {})
    await pass(1)
    expect(app.snapshot().engine).toMatchObject({
      name: 'Docker Desktop',
      candidates: readyEngine.candidates,
    })
  })
})

test('diagnostics are one file, at a chosen place, without secrets', async () => {
  const { do: run, desktop, dir } = await open({ drives: [here] })
  expect(await run('app.save-diagnostics', {})).toEqual({ path: undefined })
  const path = join(dir, 'report.txt')
  desktop.answers.push(path)
  expect(await run('app.save-diagnostics', {})).toEqual({ path })
  const text = await readFile(path, 'utf8')
  expect(text).toContain('"name": "Photos"')
  expect(text).not.toContain(here.pathSecret)
})

test('a reset takes the drives off the list and forgets all settings, and leaves files', async () => {
  const { app, do: run, desktop, volumes, parts } = await openMounted()
  await run('settings.change', { openAtLogin: true, updateChannel: 'beta' })
  await run('app.reset', {})
  expect(app.snapshot()).toMatchObject({
    drives: [],
    settings: { updateChannel: 'stable', openAtLogin: false },
  })
  expect([volumes.table, desktop.isAtLogin]).toEqual([[], false])
  expect(await parts.settings.read()).toMatchObject({ drives: [] })
  expect(await readFile(import.meta.filename, 'utf8')).toContain('a reset')
})
