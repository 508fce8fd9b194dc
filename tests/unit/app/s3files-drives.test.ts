import { afterEach, describe, expect, test } from 'vitest'

import { consoleUrlOf } from '../../../src-main/app/commands/console-url.ts'
import { findBucket } from '../../../src-main/app/drives/find-bucket.ts'
import type { BucketFacts } from '../../../src-main/app/parts.ts'
import type { AccessPointFacts } from '../../../src-main/services/stacks/aws/s3files.ts'
import { AppError } from '../../../src-main/shared/errors.ts'
import { aDrive, anS3FilesDrive } from '../../fakes/fake-drive-list.ts'
import { anUpload } from '../../fixtures/uploads.ts'
import { mountedElsewhere } from './mounted-elsewhere.ts'
import { openApp, type OpenApp, type OpenOptions } from './open-app.ts'

let cleanup = new AsyncDisposableStack()
afterEach(async () => {
  await cleanup.disposeAsync()
  cleanup = new AsyncDisposableStack()
})

const accessPointId = 'fsap-0123456789abcdef0'
const plain = anS3FilesDrive()
const far = anS3FilesDrive({ fileSystem: { ...plain.fileSystem, accessPointId, remotePath: '/2026' } })
const driveId = far.id

async function open(options: OpenOptions = {}): Promise<OpenApp> {
  return cleanup.use(await openApp({ drives: [far], ...options }))
}

describe('an address that is not let in any more', () => {
  const notAllowed = new AppError('address-not-allowed', { address: '198.51.100.9', name: 'mountbar' })

  async function openRefused(letIn: OpenOptions['letIn']): Promise<OpenApp> {
    const opened = await open({
      ...(letIn && { letIn }),
      before: ({ bridges }) => void bridges.startErrors.push(notAllowed),
    })
    await opened.do('drive.mount', { driveId })
    return opened
  }

  test('is let in by one click, and the drive is tried again', async () => {
    const asked: string[] = []
    const opened = await openRefused((drive) => {
      asked.push(drive.id)
      return Promise.resolve()
    })
    expect(opened.drive().trouble).toMatchObject({
      error: { code: 'address-not-allowed' },
      fix: { kind: 'let-in', driveId },
    })
    await opened.do('drive.let-in', { driveId })
    await opened.until(() => opened.drive().state.kind === 'mounted')
    expect(asked).toEqual([driveId])
  })

  test('stays outside when AWS refuses, and says why', async () => {
    const opened = await openRefused(() => Promise.reject(new AppError('access-not-changeable')))
    expect(await opened.refusal('drive.let-in', { driveId })).toBe('access-not-changeable')
    expect(opened.drive().state.kind).toBe('failed')
  })

  test('is waited for no longer than ten minutes', async () => {
    const opened = await openRefused((_drive, signal) => {
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error))
      })
    })
    const refusal = opened.refusal('drive.let-in', { driveId })
    await opened.clock.advance(10 * 60_000)
    expect(await refusal).toBe('stack-timeout')
  })

  test('of a drive that runs is let in, and the bridge connects at once', async () => {
    const opened = await open()
    await opened.do('drive.mount', { driveId })
    opened.bridges.started[0]!.change({ trouble: notAllowed.toJSON() })
    await opened.until(() => opened.drive().trouble?.fix?.kind === 'let-in')
    await opened.do('drive.let-in', { driveId })
    expect(opened.bridges.started.map(({ wakes }) => wakes)).toEqual([1])
  })

  test('is no business of a folder', async () => {
    const here = aDrive({ sourceDir: import.meta.dirname })
    const opened = await open({ drives: [here] })
    expect(await opened.refusal('drive.let-in', { driveId: here.id })).toBe('access-not-changeable')
  })
})

describe('the bucket of a drive', () => {
  const found = (rootDirectory: string | undefined): NonNullable<OpenOptions['lookup']> => ({
    bucketOf: (): Promise<BucketFacts> =>
      Promise.resolve({ name: 'photos', prefix: 'studio/', rootDirectory }),
  })
  const console = 'https://eu-central-1.console.aws.amazon.com/s3/buckets'

  test('is where its access point begins, in what is shown, opened and measured', async () => {
    const { do: run, drive, vitals, desktop, until } = await open({ lookup: found('/team') })
    await run('drive.mount', { driveId })
    await until(() => vitals.watched.get(driveId)?.objects.kind === 's3')
    expect(vitals.watched.get(driveId)?.objects).toMatchObject({ keyPrefix: 'studio/team/2026/' })
    expect(drive().source).toMatchObject({ bucket: { name: 'photos', prefix: 'studio/team/' } })
    await run('drive.open-console', { driveId })
    expect(desktop.deeds.at(-1)).toEqual([
      'open-url',
      `${console}/photos?prefix=studio%2Fteam%2F2026%2F&region=eu-central-1`,
    ])
  })

  test('is opened as far as it is known, and its files are not looked for, where the access point may not be seen', async () => {
    const { do: run, vitals, desktop, pass } = await open({ lookup: found(undefined) })
    await run('drive.mount', { driveId })
    await pass(1_000)
    expect(vitals.watched.get(driveId)?.objects.kind).toBe('unknown')
    await run('drive.open-console', { driveId })
    expect(desktop.deeds.at(-1)).toEqual([
      'open-url',
      `${console}/photos?prefix=studio%2F&region=eu-central-1`,
    ])
  })

  test('is asked for when somebody wants to see it, mounted or not', async () => {
    const { do: run, desktop } = await open({ lookup: found('/') })
    await run('drive.open-console', { driveId })
    expect(desktop.deeds.at(-1)?.[1]).toContain('/photos?prefix=studio%2F2026%2F')
  })
})

test('a folder with a space and a plus is one to the console', () => {
  const url = consoleUrlOf(
    { region: 'eu-central-1', remotePath: '/a b+c' },
    { name: 'photos', prefix: '', isExact: true },
  )
  expect(url).toContain('prefix=a%20b%2Bc%2F')
})

describe('where an access point begins', () => {
  const target = { profile: 'default', region: 'eu-central-1' }
  const { signal } = new AbortController()
  const fileSystem = (): Promise<{ bucket: string; prefix: string; fileSystemId: string; status: string }> =>
    Promise.resolve({ bucket: 'photos', prefix: '', fileSystemId: 'fs-1', status: 'available' })
  const point: AccessPointFacts = { accessPointId, accessPointArn: '', folder: '/team', status: 'available' }

  test.each([
    ['is told by the control plane', accessPointId, () => Promise.resolve([point]), '/team'],
    ['is not known of one that is gone', accessPointId, () => Promise.resolve([]), undefined],
    [
      'is not known to whom AWS denies it',
      accessPointId,
      () => Promise.reject(new AppError('aws-denied')),
      undefined,
    ],
    ['is the root without one', undefined, () => Promise.reject(new AppError('aws-denied')), '/'],
  ])('%s', async (_title, id, accessPoints, rootDirectory) => {
    const asked = { fileSystemId: 'fs-1', accessPointId: id }
    const facts = await findBucket(asked, target, { fileSystem, accessPoints }, signal)
    expect(facts).toEqual({ name: 'photos', prefix: '', rootDirectory })
  })
})

describe('a question for a code', () => {
  const question = { profile: 'work', serial: 'arn:aws:iam::1:mfa/me', role: 'r' }

  function asking({ bridges, mfa }: Pick<OpenApp, 'bridges' | 'mfa'>): void {
    bridges.start = async (_drive, { signal }) => {
      await mfa.ask!(question, signal)
      throw new AppError('engine-failed')
    }
  }

  test('comes before the person who waits for a mount they asked for', async () => {
    const { app, desktop, until, do: run } = await open({ before: asking })
    const mounting = app.run('drive.mount', { driveId })
    await until(() => app.snapshot().prompt !== undefined)
    expect(desktop.deeds).toContainEqual(['show', 'drives'])
    await run('prompt.answer', { id: app.snapshot().prompt!.id })
    await mounting
  })

  test('waits in the popover when nobody asked for anything', async () => {
    const { app, desktop, until } = await open({ before: asking, drives: [{ ...far, autoMount: true }] })
    await until(() => app.snapshot().prompt !== undefined)
    expect(desktop.deeds.map(([what]) => what)).not.toContain('show')
  })
})

test('an upload of a drive that a command holds is told of when it needs a person', async () => {
  const error = { code: 'permission-denied', args: {} } as const
  const opened = await open({
    before: (common) => mountedElsewhere(far, common),
  })
  opened.fronts.running.get(driveId)!.uploads = [anUpload({ id: 7, state: 'attention', error })]
  await opened.pass(20_000)
  expect(opened.happened.filter(({ kind }) => kind === 'upload-attention')).toEqual([
    {
      kind: 'upload-attention',
      key: `upload-attention:${driveId}:7`,
      driveId,
      paths: ['/report.txt'],
      error,
    },
  ])
})
