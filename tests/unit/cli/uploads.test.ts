import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { urlOf } from '../../../src-main/services/drives/drive.ts'
import type { SandboxDrive } from '../../../src-main/services/drives/drive.ts'
import type { UploadInfo } from '../../../src-main/shared/front-protocol.ts'
import { FakeCommandLine } from '../../fakes/fake-command-line.ts'
import { aDrive } from '../../fakes/fake-drive-list.ts'
import type { FakeFront } from '../../fakes/fake-fronts.ts'
import { anUpload } from '../../fixtures/uploads.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'
import type { TempDir } from '../../harness/temp-dir.ts'

const { signal } = new AbortController()

let temp: TempDir
let cli: FakeCommandLine

beforeEach(async () => {
  temp = await makeTempDir('cli-uploads')
  cli = new FakeCommandLine(temp.dir)
})

afterEach(async () => {
  await temp[Symbol.asyncDispose]()
})

function addDrive(changes: Partial<SandboxDrive> = {}): SandboxDrive {
  const drive = aDrive({ sourceDir: temp.dir, ...changes })
  cli.list.drives = [...cli.list.drives, drive]
  return drive
}

function stateDirOf({ id }: SandboxDrive): string {
  return join(temp.dir, 'app', 'state', 'fronts', id)
}

/** As another process keeps it, with these uploads. */
async function mountElsewhere(drive: SandboxDrive, uploads: readonly UploadInfo[]): Promise<FakeFront> {
  const { id, name, port, pathSecret, sourceDir } = drive
  const config = { driveId: id, driveName: name, port, pathSecret, stateDir: stateDirOf(drive) }
  await cli.fronts.start({ ...config, backend: { kind: 'local', rootDir: sourceDir } }, signal)
  cli.volumes.table = [...cli.volumes.table, { url: urlOf(drive), mountPoint: `/mnt/${name}` }]
  const front = cli.fronts.running.get(id)!
  front.uploads = uploads
  return front
}

const out = (): string => cli.terminal.out.join('\n')
const err = (): string => cli.terminal.err.join('\n')

const problem = { code: 'permission-denied', args: {} } as const
const noAnswer = { code: 'stalled', args: {} } as const

describe('uploads', () => {
  test('lists each with what is wrong, and what they come to', async () => {
    const now = Date.now()
    await mountElsewhere(addDrive(), [
      anUpload({
        id: 3,
        path: '/secret.txt',
        acceptedMs: now - 7_200_000,
        state: 'attention',
        error: problem,
      }),
      anUpload({
        id: 4,
        path: '/movie.mov',
        size: 2e9,
        acceptedMs: now - 61_000,
        state: 'delivering',
        sentBytes: 5e8,
      }),
      anUpload({ id: 5, path: '/a/b.txt', acceptedMs: now - 61_000, attempts: 3, error: noAnswer }),
      anUpload({ id: 6, path: '/new.txt', size: 0, acceptedMs: now }),
    ])
    expect(await cli.run('uploads')).toBe(0)
    expect(cli.terminal.out).toEqual([
      'ID   DRIVE    FILE          SIZE     AGE     STATE',
      '3    Photos   /secret.txt   4.0 kB   2 h     needs attention: Not permitted',
      '4    Photos   /movie.mov    2.0 GB   1 min   delivering 25 %',
      '5    Photos   /a/b.txt      4.0 kB   1 min   waiting: No answer, 3 attempts',
      '6    Photos   /new.txt      0 B      0 s     waiting',
      '',
      '3 uploads on the way · 2.0 GB · 1 needs attention',
    ])
  })

  test('says when all has been delivered, also of drives that are not mounted', async () => {
    await mountElsewhere(addDrive(), [])
    addDrive({ id: 'zzz999', name: 'Music', port: 40_002 })
    await cli.run('uploads')
    expect(out()).toBe('Everything that was saved has been delivered.')
  })

  test('of a drive that is not mounted are read from what its front has left, and start nothing', async () => {
    const drive = addDrive()
    cli.fronts.leave(stateDirOf(drive), [
      anUpload({ id: 1 }),
      anUpload({ id: 2, state: 'attention', error: problem }),
    ])
    await cli.run('uploads', 'photos')
    expect(out()).toContain('waits for the next mount')
    expect(out()).toContain('needs attention: Not permitted')
    expect(out()).toContain(
      '“Photos” is not mounted: 2 uploads wait on this machine. `mountbar mount "Photos"`',
    )
    expect(cli.fronts.started).toEqual([])
    expect(cli.keepersStarted).toEqual([])
  })

  test('that are too many for a list are counted all the same', async () => {
    const front = await mountElsewhere(addDrive(), [anUpload()])
    front.hiddenUploads = 9_999
    await cli.run('uploads')
    expect(out()).toContain('9,999 more uploads of “Photos” not shown.')
    expect(out()).toContain('10,000 uploads on the way')
  })

  test('--json is one document with totals per drive', async () => {
    await mountElsewhere(addDrive(), [anUpload({ id: 5 })])
    const other = addDrive({ id: 'zzz999', name: 'Music', port: 40_002 })
    cli.fronts.leave(stateDirOf(other), [anUpload({ id: 6 })])
    await cli.run('uploads', '--json')
    expect(cli.terminal.out).toHaveLength(1)
    expect(JSON.parse(out())).toMatchObject({
      drives: [
        { name: 'Photos', running: true, totals: { pending: 1 }, uploads: [{ id: 5, state: 'waiting' }] },
        { name: 'Music', running: false, kept: { count: 1, bytes: 4_000 }, uploads: [{ id: 6 }] },
      ],
    })
  })

  test('--watch draws on a terminal until Ctrl-C', async () => {
    cli = new FakeCommandLine(temp.dir, { isInteractive: true })
    await mountElsewhere(addDrive(), [anUpload()])
    const running = cli.run('uploads', '--watch')
    await expect.poll(() => cli.terminal.drawn.length).toBeGreaterThan(0)
    cli.process.emit('SIGINT')
    expect(await running).toBe(0)
    expect(cli.terminal.drawn[0]?.at(-1)).toBe('1 upload on the way · 4.0 kB')
  })
})

describe('one upload', () => {
  test('is tried again by its number', async () => {
    const front = await mountElsewhere(addDrive(), [anUpload({ id: 7 })])
    expect(await cli.run('uploads', 'retry', '7')).toBe(0)
    expect(front.acts).toEqual(['retry 7'])
    expect(out()).toBe('/report.txt of Photos is being tried again.')
  })

  test('is exported into a folder under its own name, or to the file that is named', async () => {
    const front = await mountElsewhere(addDrive(), [anUpload({ id: 7, path: '/a/report.txt' })])
    await mkdir(join(temp.dir, 'Desktop'))
    expect(await cli.run('uploads', 'export', 'Photos:7', join(temp.dir, 'Desktop'))).toBe(0)
    expect(await cli.run('uploads', 'export', '7', join(temp.dir, 'mine.txt'))).toBe(0)
    expect(front.acts).toEqual([
      `export ${join(temp.dir, 'Desktop', 'report.txt')} 7`,
      `export ${join(temp.dir, 'mine.txt')} 7`,
    ])
    expect(out()).toContain('was copied to ~/Desktop/report.txt')
  })

  test('is given up only by who says so twice', async () => {
    const front = await mountElsewhere(addDrive(), [anUpload({ id: 7 })])
    expect(await cli.run('uploads', 'discard', '7')).toBe(2)
    expect(err()).toContain('--yes')
    expect(front.acts).toEqual([])
    expect(await cli.run('uploads', 'discard', '7', '--yes')).toBe(0)
    expect(front.acts).toEqual(['discard 7'])
  })

  test.each([
    [true, 0, ['discard 7']],
    [false, 130, []],
  ])('is asked about on a terminal, and the answer %s counts', async (answer, status, acts) => {
    cli = new FakeCommandLine(temp.dir, { isInteractive: true })
    const front = await mountElsewhere(addDrive(), [anUpload({ id: 7 })])
    cli.terminal.answers.push(answer)
    expect(await cli.run('uploads', 'discard', '7')).toBe(status)
    expect(out()).toContain('Give up /report.txt (4.0 kB) for good?')
    expect(front.acts).toEqual(acts)
  })

  test('of a number that two drives have needs the drive as well', async () => {
    const photos = await mountElsewhere(addDrive(), [anUpload({ id: 7 })])
    const music = await mountElsewhere(addDrive({ id: 'zzz999', name: 'Music', port: 40_002 }), [
      anUpload({ id: 7, path: '/song.mp3' }),
    ])
    expect(await cli.run('uploads', 'retry', '7')).toBe(3)
    expect(err()).toContain('Photos:7 (/report.txt), Music:7 (/song.mp3)')
    expect(await cli.run('uploads', 'retry', 'music:7')).toBe(0)
    expect({ photos: photos.acts, music: music.acts }).toEqual({ photos: [], music: ['retry 7'] })
  })

  test('that a long list does not show is found where there are more than it shows', async () => {
    await mountElsewhere(addDrive(), [anUpload({ id: 1 })])
    const front = await mountElsewhere(addDrive({ id: 'zzz999', name: 'Music', port: 40_002 }), [
      anUpload({ id: 2 }),
    ])
    front.hiddenUploads = 5
    expect(await cli.run('uploads', 'retry', '1')).toBe(0)
    expect(await cli.run('uploads', 'retry', '900')).toBe(3)
    expect(err()).toContain('There is no upload 900')
  })

  test('of a drive that is not mounted needs it mounted', async () => {
    const drive = addDrive()
    cli.fronts.leave(stateDirOf(drive), [anUpload({ id: 7 })])
    expect(await cli.run('uploads', 'retry', '7')).toBe(3)
    expect(err()).toContain('“Photos” is not mounted')
  })

  test.each([
    ['12a', 2],
    ['99', 3],
    ['Nowhere:7', 3],
  ])('that is called %s ends with status %i', async (text, status) => {
    await mountElsewhere(addDrive(), [anUpload({ id: 7 })])
    expect(await cli.run('uploads', 'retry', text)).toBe(status)
  })

  test.each(['retry', 'discard', 'export'])('has help with an example: %s', async (command) => {
    expect(await cli.run('uploads', command, '--help')).toBe(0)
    expect(out()).toContain(`$ mountbar uploads ${command} `)
  })
})

describe('status', () => {
  test('tells what is pending, what needs attention and what waits for a mount', async () => {
    await mountElsewhere(addDrive(), [
      anUpload({ id: 1 }),
      anUpload({ id: 2, state: 'attention', error: problem }),
    ])
    const other = addDrive({ id: 'zzz999', name: 'Music', port: 40_002 })
    cli.fronts.leave(stateDirOf(other), [anUpload()])
    await cli.run('status')
    expect(out()).toContain('1 file (4.0 kB) to deliver')
    expect(out()).toContain('1 saved file of “Photos” cannot be delivered without you')
    expect(out()).toContain('1 saved file waits on this machine for “Music” to be mounted again.')
  })

  test('--json has the totals, and what is kept', async () => {
    await mountElsewhere(addDrive(), [anUpload()])
    const other = addDrive({ id: 'zzz999', name: 'Music', port: 40_002 })
    cli.fronts.leave(stateDirOf(other), [anUpload()])
    await cli.run('status', '--json')
    expect(JSON.parse(out())).toMatchObject({
      drives: [{ uploads: { pending: 1 } }, { kept: { count: 1, bytes: 4_000, attention: 0 } }],
    })
  })
})

describe('unmount', () => {
  test('on a terminal shows one live line until all has arrived', async () => {
    cli = new FakeCommandLine(temp.dir, { isInteractive: true })
    const front = await mountElsewhere(addDrive(), [
      anUpload({ id: 1, error: noAnswer }),
      anUpload({ id: 2 }),
    ])
    const running = cli.run('unmount', 'Photos')
    await expect.poll(() => cli.terminal.drawn.length).toBeGreaterThan(0)
    expect(cli.terminal.drawn[0]).toEqual(['Photos: 2 files · 8.0 kB · 0 B/s · oldest 0 s · No answer'])
    front.deliver(1, 2)
    expect(await running).toBe(0)
    expect(cli.terminal.drawn.at(-1)).toEqual([])
    expect(out()).toBe('Photos is unmounted.')
  })

  test('elsewhere says once what it waits for', async () => {
    const front = await mountElsewhere(addDrive(), [anUpload()])
    const running = cli.run('unmount', 'Photos')
    await expect.poll(err).toContain('Delivering 1 saved file (4.0 kB) of Photos … Ctrl-C leaves that')
    front.deliver(1)
    expect(await running).toBe(0)
    expect(cli.terminal.err).toHaveLength(1)
  })

  test('leaves the rest to the background when it is interrupted', async () => {
    const front = await mountElsewhere(addDrive(), [anUpload()])
    const running = cli.run('unmount', 'Photos')
    await expect.poll(err).toContain('Delivering')
    cli.process.emit('SIGINT')
    expect(await running).toBe(130)
    expect(out()).toContain('Photos is unmounted.')
    expect(out()).toContain('in the background')
    expect(front.isDraining).toBe(true)
    await cli.run('status')
    expect(out()).toContain('delivering')
  })

  test('--no-wait says how many files are kept, and where', async () => {
    const drive = addDrive()
    await mountElsewhere(drive, [anUpload({ id: 1 }), anUpload({ id: 2 })])
    expect(await cli.run('unmount', 'Photos', '--no-wait')).toBe(0)
    expect(out()).toContain(
      `2 saved files (8.0 kB) of Photos are kept in ~/app/state/fronts/${drive.id}, and delivered after the next mount.`,
    )
  })

  test('--all takes every volume away before it waits for any delivery', async () => {
    const photos = await mountElsewhere(addDrive(), [anUpload()])
    const music = await mountElsewhere(addDrive({ id: 'zzz999', name: 'Music', port: 40_002 }), [anUpload()])
    const running = cli.run('unmount', '--all')
    await expect.poll(() => cli.volumes.table).toEqual([])
    expect([photos.isDraining, music.isDraining]).toEqual([true, true])
    music.deliver(1)
    await expect.poll(out).toBe('Music is unmounted.')
    photos.deliver(1)
    expect(await running).toBe(0)
  })
})

describe('mount', () => {
  test.each([
    ['--write-through', 'write-through'],
    ['--no-write-through', 'queued'],
  ])('%s is kept with the drive', async (option, writeMode) => {
    addDrive({ writeMode: writeMode === 'queued' ? 'write-through' : 'queued' })
    expect(await cli.run('mount', 'Photos', option)).toBe(0)
    expect(cli.list.drives).toMatchObject([{ writeMode }])
  })

  test('of a mounted drive with another write mode is refused', async () => {
    await mountElsewhere(addDrive(), [])
    expect(await cli.run('mount', 'Photos', '--write-through')).toBe(4)
    expect(cli.list.drives).toMatchObject([{ writeMode: 'queued' }])
  })

  test('of a drive that is still being delivered goes ahead', async () => {
    const drive = addDrive()
    const front = await mountElsewhere(drive, [anUpload()])
    cli.volumes.table = []
    front.drain()
    expect(await cli.run('mount', 'Photos')).toBe(0)
    expect(cli.keepersStarted).toEqual([drive.id])
  })

  test('in the foreground delivers after Ctrl-C, and a second one leaves the rest for the next mount', async () => {
    const sourceDir = join(temp.dir, 'Photos')
    await mkdir(sourceDir)
    const drive = addDrive({ sourceDir })
    const running = cli.run('mount', 'Photos', '--foreground')
    await expect.poll(err).toContain('Press Ctrl-C to unmount.')
    cli.fronts.running.get(drive.id)!.uploads = [anUpload()]
    cli.process.emit('SIGINT')
    await expect.poll(err).toContain('Delivering 1 saved file (4.0 kB) of Photos … Press Ctrl-C once more')
    expect(cli.volumes.table).toEqual([])
    cli.process.emit('SIGINT')
    expect(await running).toBe(0)
    expect(out()).toContain('Photos is unmounted.')
    expect(out()).toContain('1 saved file (4.0 kB) of Photos is kept in')
  })
})

describe('forget', () => {
  test('of a drive with uploads on this machine only is refused, and with --discard-uploads says what is lost', async () => {
    const drive = addDrive()
    cli.fronts.leave(stateDirOf(drive), [anUpload({ path: '/thesis.txt' })])
    expect(await cli.run('forget', 'Photos')).toBe(4)
    expect(err()).toContain('1 file is kept on this machine only')
    expect(cli.list.drives).toEqual([drive])
    expect(await cli.run('forget', 'Photos', '--discard-uploads')).toBe(0)
    expect(out()).toContain('1 saved file was given up:\n  /thesis.txt (4.0 kB)')
    expect(cli.list.drives).toEqual([])
  })
})
