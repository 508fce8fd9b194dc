import { afterEach, describe, expect, test } from 'vitest'

import { AppError } from '../../../src-main/shared/errors.ts'
import { aDrive, anS3FilesDrive } from '../../fakes/fake-drive-list.ts'
import { anUpload } from '../../fixtures/uploads.ts'
import { openApp, type OpenApp, type OpenOptions } from './open-app.ts'

let cleanup = new AsyncDisposableStack()
afterEach(async () => {
  await cleanup.disposeAsync()
  cleanup = new AsyncDisposableStack()
})

async function open(options: OpenOptions): Promise<OpenApp> {
  return cleanup.use(await openApp(options))
}

const here = aDrive({ sourceDir: import.meta.dirname })
const driveId = here.id
const gently = { driveId, force: false, wait: false }

describe('what a person asked for last counts', () => {
  test('mounting, while a mount is being called off', async () => {
    const opened = await open({ drives: [here] })
    const { app, volumes, drive } = opened
    const mount = volumes.mount.bind(volumes)
    volumes.mount = ({ signal }) => {
      volumes.mount = mount
      return new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(new AppError('cancelled')))
      })
    }
    const first = app.run('drive.mount', { driveId })
    await opened.until(() => {
      const { state } = drive()
      return state.kind === 'preparing' && state.step === 'mounting'
    })
    await Promise.all([first, app.run('drive.unmount', gently), app.run('drive.mount', { driveId })])
    expect(drive().state.kind).toBe('mounted')
  })

  test('unmounting, while a mount waits for an unmount', async () => {
    const opened = await open({ drives: [here] })
    const { app, volumes, drive } = opened
    await opened.do('drive.mount', { driveId })
    const unmount = volumes.unmount.bind(volumes)
    const held = Promise.withResolvers<undefined>()
    volumes.unmount = async (...how) => {
      await held.promise
      await unmount(...how)
    }
    const all = [
      app.run('drive.unmount', gently),
      app.run('drive.mount', { driveId }),
      app.run('drive.unmount', gently),
    ]
    held.resolve(undefined)
    await Promise.all(all)
    expect(drive().state.kind).toBe('unmounted')
    expect(volumes.mounted).toHaveLength(1)
  })

  test('mounting, while what was ejected in Finder is still delivered: it is tried again where it fails', async () => {
    const far = anS3FilesDrive()
    const opened = await open({ drives: [far] })
    const { drive, fronts, bridges, volumes, aws } = opened
    await opened.do('drive.mount', { driveId })
    fronts.running.get(driveId)!.uploads = [anUpload({ id: 7 })]
    volumes.eject(drive().mountPoint)
    await opened.until(() => drive().state.kind === 'delivering')
    bridges.startErrors.push(new AppError('sign-in-needed'))
    await opened.do('drive.mount', { driveId })
    expect(drive().state.kind).toBe('failed')
    aws.changed.fire()
    await opened.until(() => drive().state.kind === 'mounted')
  })

  test('staying, after quitting met a drive in use: what it saves is delivered when it is unmounted', async () => {
    const opened = await open({ drives: [here] })
    const { app, volumes, fronts, drive } = opened
    await opened.do('drive.mount', { driveId })
    volumes.unmountError = new AppError('unmount-busy', { name: 'Photos' })
    const { signal } = new AbortController()
    const stopped = await app.stop({ wait: false, force: false, limitMs: 10_000, signal })
    expect(stopped).toEqual({ stillMounted: ['Photos'] })
    volumes.unmountError = undefined
    const front = fronts.running.get(driveId)!
    front.uploads = [anUpload({ id: 7 })]
    await opened.do('drive.unmount', gently)
    expect(drive().state.kind).toBe('delivering')
    front.deliver(7)
    await opened.until(() => drive().state.kind === 'unmounted')
    expect(drive().uploads.pending).toBe(0)
  })
})

test('a volume whose keeper starts its front again is left to it, however often it is looked at meanwhile', async () => {
  const opened = await open({ drives: [here] })
  opened.volumes.table.push({
    url: `http://127.0.0.1:${here.port}/${here.pathSecret}/`,
    mountPoint: '/mnt/left',
  })
  await opened.until(() => opened.drive().state.kind === 'mounted')
  for (let look = 0; look < 5; look += 1) {
    opened.app.awake('network')
    await opened.pass(100)
  }
  expect(opened.fronts.started).toEqual([])
  await opened.pass(5_000)
  await opened.until(() => opened.fronts.running.size === 1)
})

test('a drive that is taken off the list while it is being mounted can still be unmounted', async () => {
  const opened = await open({ drives: [here] })
  const { app, volumes, fronts } = opened
  const mount = volumes.mount.bind(volumes)
  const held = Promise.withResolvers<undefined>()
  let isMounting = false
  volumes.mount = async (request) => {
    isMounting = true
    await held.promise
    await mount(request)
  }
  const mounting = app.run('drive.mount', { driveId })
  await opened.until(() => isMounting)
  await opened.parts.settings.update((settings) => ({ ...settings, drives: [] }))
  await opened.pass(4_000)
  held.resolve(undefined)
  await mounting
  await opened.do('drive.unmount', gently)
  await opened.until(() => app.snapshot().drives.length === 0)
  expect([volumes.table, fronts.running.size]).toEqual([[], 0])
})
