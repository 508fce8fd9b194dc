import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, describe, expect, test } from 'vitest'

import { frontStateDirOf } from '../../../src-main/services/drives/drive.ts'
import type { SandboxDrive } from '../../../src-main/services/drives/drive.ts'
import { AppError } from '../../../src-main/shared/errors.ts'
import { aDrive, anS3FilesDrive } from '../../fakes/fake-drive-list.ts'
import { anUpload } from '../../fixtures/uploads.ts'
import { mountedElsewhere } from './mounted-elsewhere.ts'
import { noEngine, openApp, readyEngine, type OpenApp, type OpenOptions } from './open-app.ts'

let cleanup = new AsyncDisposableStack()
afterEach(async () => {
  await cleanup.disposeAsync()
  cleanup = new AsyncDisposableStack()
})

async function open(options: OpenOptions = {}): Promise<OpenApp> {
  return cleanup.use(await openApp(options))
}

/** A folder that is there. */
function folderDrive(changes: Partial<SandboxDrive> = {}): SandboxDrive {
  return aDrive({ sourceDir: import.meta.dirname, ...changes })
}

const far = anS3FilesDrive({ id: 'far234', name: 'Far', port: 40_002 })

async function mounted(options: OpenOptions = {}): Promise<OpenApp> {
  const opened = await open({ drives: [folderDrive()], ...options })
  await opened.do('drive.mount', { driveId: 'abc234' })
  expect(opened.drive().state.kind).toBe('mounted')
  return opened
}

describe('mounting', () => {
  test('ends in a volume, and vitals hear what its front says', async () => {
    const { drive, fronts, vitals } = await mounted()
    expect(drive().state).toEqual({ kind: 'mounted', path: drive().mountPoint })
    fronts.running.get('abc234')?.say({ type: 'recovered', afterMs: 1 })
    expect(vitals.watched.get('abc234')?.heard).toContain('recovered')
    expect(vitals.watched.get('abc234')?.isMounted).toBe(true)
  })

  test('twice at once is once', async () => {
    const { app, fronts } = await open({ drives: [folderDrive()] })
    await Promise.all([
      app.run('drive.mount', { driveId: 'abc234' }),
      app.run('drive.mount', { driveId: 'abc234' }),
    ])
    expect(fronts.started).toHaveLength(1)
  })

  test('that fails says why, with the one way out', async () => {
    const opened = await open({
      drives: [folderDrive({ sourceDir: '/not/there' })],
    })
    await opened.do('drive.mount', { driveId: 'abc234' })
    expect(opened.drive().state).toMatchObject({ kind: 'failed', error: { code: 'source-missing' } })
    expect(opened.drive().trouble?.fix).toEqual({ kind: 'edit-drive', driveId: 'abc234' })
    await opened.do('drive.unmount', { driveId: 'abc234', force: false, wait: false })
    expect(opened.drive().state.kind).toBe('unmounted')
  })

  test('is called off by unmounting, and leaves nothing running', async () => {
    const opened = await open({ drives: [folderDrive()] })
    const { app, volumes, fronts, drive } = opened
    volumes.mount = ({ signal }) =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(new AppError('cancelled')))
      })
    const mounting = app.run('drive.mount', { driveId: 'abc234' })
    await opened.until(() => {
      const { state } = drive()
      return state.kind === 'preparing' && state.step === 'mounting'
    })
    await opened.do('drive.unmount', { driveId: 'abc234', force: false, wait: false })
    await mounting
    expect(drive().state.kind).toBe('unmounted')
    expect(fronts.running.size).toBe(0)
  })

  test('a drive that nobody knows is refused', async () => {
    const { refusal } = await open()
    expect(await refusal('drive.mount', { driveId: 'nobody' })).toBe('drive-unknown')
  })
})

describe('unmounting', () => {
  test('of files in use is refused, and the drive stays mounted', async () => {
    const { volumes, refusal, drive } = await mounted()
    volumes.unmountError = new AppError('unmount-busy', { name: 'Photos' })
    expect(await refusal('drive.unmount', { driveId: 'abc234', force: false, wait: false })).toBe(
      'unmount-busy',
    )
    expect(drive().state.kind).toBe('mounted')
    await expect(refusal('drive.unmount', { driveId: 'abc234', force: true, wait: false })).resolves.toBe(
      'none',
    )
    expect(drive().state.kind).toBe('unmounted')
  })

  test('answers when the volume is gone, and delivers behind that', async () => {
    const opened = await mounted()
    const front = opened.fronts.running.get('abc234')!
    front.uploads = [anUpload({ id: 7 })]
    await opened.do('drive.unmount', { driveId: 'abc234', force: false, wait: false })
    expect(opened.drive().state.kind).toBe('delivering')
    expect(opened.volumes.table).toEqual([])
    front.deliver(7)
    await opened.until(() => opened.drive().state.kind === 'unmounted')
  })

  test('and mounting at once hands over what is not delivered to the next front', async () => {
    const opened = await mounted()
    opened.fronts.running.get('abc234')!.uploads = [anUpload({ id: 7 })]
    await opened.do('drive.unmount', { driveId: 'abc234', force: false, wait: false })
    await opened.do('drive.mount', { driveId: 'abc234' })
    expect(opened.drive().state.kind).toBe('mounted')
    expect(opened.fronts.running.get('abc234')!.uploads).toHaveLength(1)
  })

  test('of what another process holds goes by its front', async () => {
    const drive = folderDrive()
    const opened = await open({
      drives: [drive],
      before: (common) => mountedElsewhere(drive, common),
    })
    expect(opened.drive().state).toEqual({ kind: 'mounted', path: '/mnt/elsewhere' })
    await opened.do('drive.reveal', { driveId: drive.id })
    expect(opened.volumes.revealed).toEqual(['/mnt/elsewhere'])
    await opened.do('drive.unmount', { driveId: drive.id, force: false, wait: true })
    expect(opened.drive().state.kind).toBe('unmounted')
    expect(opened.fronts.running.size).toBe(0)
  })
})

describe('what happens by itself', () => {
  test('drives that mount by themselves are mounted when the app starts, and others are not', async () => {
    const opened = await open({
      drives: [
        folderDrive({ autoMount: true }),
        folderDrive({ id: 'other2', name: 'Other', port: 40_009, pathSecret: 'f'.repeat(32) }),
      ],
    })
    await opened.until(() => opened.drive('Photos').state.kind === 'mounted')
    expect(opened.drive('Other').state.kind).toBe('unmounted')
  })

  test('a volume that a crash has left gets a front, and stays mounted', async () => {
    const drive = folderDrive()
    const opened = await open({
      drives: [drive],
      before: ({ volumes }) => {
        volumes.table.push({
          url: `http://127.0.0.1:${drive.port}/${drive.pathSecret}/`,
          mountPoint: '/mnt/left',
        })
      },
    })
    expect(opened.drive().state).toMatchObject({ degraded: 'front-down' })
    await opened.pass(3_500)
    await opened.until(() => opened.fronts.running.size === 1)
    expect(opened.drive().state).toEqual({ kind: 'mounted', path: '/mnt/left' })
    expect(opened.volumes.mounted).toEqual([])
  })

  test('a volume ejected in Finder stays unmounted', async () => {
    const opened = await mounted({ drives: [folderDrive({ autoMount: true })] })
    opened.volumes.eject(opened.drive().mountPoint)
    await opened.pass(6_000)
    await opened.until(() => opened.drive().state.kind === 'unmounted')
    opened.app.awake('resume')
    await opened.pass(6_000)
    expect(opened.drive().state.kind).toBe('unmounted')
  })

  test('a front that crashes comes back, and nobody is told of so short a time', async () => {
    const opened = await mounted()
    opened.fronts.crash('abc234')
    await opened.until(() => {
      const { state } = opened.drive()
      return state.kind === 'mounted' && state.degraded === 'front-down'
    })
    await opened.pass(3_000)
    expect(opened.drive().state).toEqual({ kind: 'mounted', path: opened.drive().mountPoint })
    expect(opened.happened).toEqual([])
  })

  test('a drive that stays without an answer is told of once, and when it is back', async () => {
    const opened = await mounted()
    const front = opened.fronts.running.get('abc234')!
    front.say({ type: 'stalled', operation: 'read' })
    await opened.pass(12_000)
    front.say({ type: 'stalled', operation: 'read' })
    await opened.pass(12_000)
    front.say({ type: 'recovered', afterMs: 24_000 })
    await opened.pass(500)
    expect(opened.happened.map(({ kind }) => kind)).toEqual(['drive-lost', 'drive-back'])
  })

  test('a drive that failed for want of an engine is mounted when one appears', async () => {
    const opened = await open({
      drives: [{ ...far, autoMount: true }],
      before: ({ bridges, world }) => {
        bridges.startErrors.push(new AppError('engine-missing'))
        world.engine = noEngine
      },
    })
    await opened.until(() => opened.drive().state.kind === 'failed')
    await opened.pass(500)
    expect(opened.app.snapshot().conditions.map(({ id }) => id)).toEqual(['engine-missing'])
    expect(opened.happened.map(({ kind }) => kind)).toEqual(['engine-missing'])
    opened.world.engine = readyEngine
    await opened.pass(11_000)
    await opened.until(() => opened.drive().state.kind === 'mounted')
    expect(opened.app.snapshot().conditions).toEqual([])
  })

  test.each([
    ['sign-in-needed', 'sign-in', true],
    ['aws-unreachable', 'network', true],
    ['aws-unreachable', 'sign-in', false],
    ['source-missing', 'network', false],
  ] as const)('a mount that failed with %s, after %s: tried again %s', async (code, event, isTried) => {
    const opened = await open({
      drives: [far],
      before: ({ bridges }) => void bridges.startErrors.push(new AppError(code)),
    })
    await opened.do('drive.mount', { driveId: far.id })
    expect(opened.drive().state.kind).toBe('failed')
    if (event === 'sign-in') opened.aws.changed.fire()
    else opened.app.awake('network')
    if (isTried) await opened.until(() => opened.drive().state.kind === 'mounted')
    await opened.pass(1_000)
    expect(opened.drive().state.kind).toBe(isTried ? 'mounted' : 'failed')
  })

  test('what failed and was then cleared away is not tried again', async () => {
    const opened = await open({
      drives: [far],
      before: ({ bridges }) => void bridges.startErrors.push(new AppError('aws-unreachable')),
    })
    await opened.do('drive.mount', { driveId: far.id })
    await opened.do('drive.unmount', { driveId: far.id, force: false, wait: false })
    opened.app.awake('network')
    await opened.pass(1_000)
    expect(opened.drive().state.kind).toBe('unmounted')
  })

  test('a drive that another program adds or takes away shows by itself', async () => {
    const opened = await open()
    await opened.parts.settings.update((all) => ({
      ...all,
      drives: [folderDrive()] as typeof all.drives,
    }))
    await opened.until(() => opened.app.snapshot().drives.some(({ name }) => name === 'Photos'))
    await opened.parts.settings.update((all) => ({ ...all, drives: [] }))
    await opened.until(() => opened.app.snapshot().drives.length === 0)
    expect(opened.vitals.watched.size).toBe(0)
  })
})

describe('uploads', () => {
  test('that need a person are told of once, and hang by the drive with the way to them', async () => {
    const opened = await mounted()
    const front = opened.fronts.running.get('abc234')!
    const error = { code: 'permission-denied', args: { path: '/a.txt' } } as const
    front.uploads = [anUpload({ id: 7, path: '/a.txt', state: 'attention', error })]
    const event = { type: 'upload-attention', id: 7, path: '/a.txt', error } as const
    front.say(event)
    front.say(event)
    await opened.until(() => opened.drive().uploadList.length === 1)
    expect(opened.happened).toEqual([
      {
        kind: 'upload-attention',
        key: 'upload-attention:abc234:7',
        driveId: 'abc234',
        paths: ['/a.txt'],
        error,
      },
    ])
    expect(opened.drive().trouble).toEqual({
      error,
      fix: { kind: 'show-uploads', driveId: 'abc234' },
    })
    expect(opened.drive().uploadList).toHaveLength(1)
    front.uploads = []
    await opened.until(() => opened.drive().trouble === undefined)
  })

  test('that wait on this machine for the next mount are shown', async () => {
    const drive = folderDrive()
    const opened = await open({
      drives: [drive],
      before: ({ fronts, dir }) => {
        fronts.leave(frontStateDirOf(drive, { stateDir: join(dir, 'state') }), [anUpload({ id: 3 })])
      },
    })
    expect(opened.drive().uploads.pending).toBe(1)
    expect(opened.drive().uploadList.map(({ id }) => id)).toEqual([3])
    expect(await opened.refusal('drive.remove', { driveId: drive.id, discardUploads: false })).toBe(
      'uploads-kept',
    )
    expect(await opened.refusal('app.reset', {})).toBe('uploads-kept')
    await opened.do('drive.remove', { driveId: drive.id, discardUploads: true })
    expect(opened.app.snapshot().drives).toEqual([])
  })
})

describe('ending', () => {
  const options = { wait: false, force: false, limitMs: 10_000 }

  test('unmounts what this app holds, and mounts nothing after that', async () => {
    const opened = await mounted()
    expect(opened.app.unfinished()).toEqual({ mounted: 1, pendingUploads: 0 })
    const { signal } = new AbortController()
    expect(await opened.app.stop({ ...options, signal })).toEqual({ stillMounted: [] })
    expect(opened.volumes.table).toEqual([])
    expect(opened.fronts.running.size).toBe(0)
  })

  test('names what refuses to go, and goes on', async () => {
    const opened = await mounted()
    opened.volumes.unmountError = new AppError('unmount-busy', { name: 'Photos' })
    const { signal } = new AbortController()
    expect(await opened.app.stop({ ...options, signal })).toEqual({ stillMounted: ['Photos'] })
    expect(opened.drive().state.kind).toBe('mounted')
    expect(await opened.app.stop({ ...options, force: true, signal })).toEqual({ stillMounted: [] })
  })

  test('with a limit leaves what is pending for the next mount', async () => {
    const opened = await mounted()
    opened.fronts.running.get('abc234')!.uploads = [anUpload({ id: 7 })]
    const { signal } = new AbortController()
    const stopping = opened.app.stop({ ...options, wait: true, signal })
    await opened.pass(9_000)
    expect(opened.fronts.running.size).toBe(1)
    await opened.pass(2_000)
    expect(await stopping).toEqual({ stillMounted: [] })
    await opened.until(() => opened.fronts.running.size === 0)
  })

  test('that is called off while it delivers lets it deliver', async () => {
    const opened = await mounted()
    const front = opened.fronts.running.get('abc234')!
    front.uploads = [anUpload({ id: 7 })]
    const calling = new AbortController()
    const stopping = opened.app.stop({ ...options, wait: true, signal: calling.signal })
    await opened.until(() => opened.drive().state.kind === 'delivering')
    calling.abort()
    expect(await stopping).toEqual({ stillMounted: [] })
    expect(opened.fronts.running.size).toBe(1)
    front.deliver(7)
    await opened.until(() => opened.drive().state.kind === 'unmounted')
  })
})

test('the Sandbox is added and mounted by one command, with a simulated bucket of its own', async () => {
  const opened = await open()
  const { driveId } = await opened.do('drive.add-sandbox', { mount: true })
  await opened.until(() => opened.drive('Sandbox').state.kind === 'mounted')
  expect(opened.vitals.watched.get(driveId)?.objects.kind).toBe('simulated')
  const dir = join(opened.dir, 'mine')
  await mkdir(dir)
  const mine = await opened.do('drive.add-sandbox', { dir, mount: false })
  expect(opened.vitals.watched.get(mine.driveId)?.objects.kind).toBe('unknown')
})
