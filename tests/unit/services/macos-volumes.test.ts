import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { systemClock } from '../../../src-main/lib/clock.ts'
import { silentLogger } from '../../../src-main/lib/logger.ts'
import { ProcessError, type ProcessFailure, type RunResult } from '../../../src-main/lib/run-process.ts'
import { createMacosDriver } from '../../../src-main/services/volumes/macos-driver.ts'
import { createVolumes } from '../../../src-main/services/volumes/create-volumes.ts'
import type { VolumeDriver, Volumes } from '../../../src-main/services/volumes/volumes.ts'
import { makeTempDir, type TempDir } from '../../harness/temp-dir.ts'

const url = 'http://127.0.0.1:4711/0123456789abcdef0123456789abcdef/'

/** What each program answers; a function may change the pretended mount table. */
type Answer = Partial<RunResult> | ProcessFailure | (() => Partial<RunResult>)

/** macOS as far as the driver sees it: recorded commands, and a mount table that mounting and unmounting change. */
class FakeMac {
  readonly commands: string[][] = []
  readonly answers = new Map<string, Answer>()
  table: string[] = ['/dev/disk3s1s1 on / (apfs, sealed, local, read-only)']

  readonly run = (program: string, args: readonly string[]): Promise<RunResult> => {
    this.commands.push([program, ...args])
    const told =
      this.answers.get([program, ...args].join(' ')) ??
      this.answers.get(program) ??
      this.#asUsual(program, args)
    if (typeof told === 'string') return Promise.reject(new ProcessError(told, program))
    return Promise.resolve({
      exitCode: 0,
      stdout: '',
      stderr: '',
      ...(typeof told === 'function' ? told() : told),
    })
  }

  /** The commands that change something, in order. */
  get changes(): string[][] {
    return this.commands.filter(([program]) => program !== '/sbin/mount')
  }

  mounted(source: string, dir: string): void {
    this.table.push(`${source} on ${dir} (webdav, nodev, noexec, nosuid, mounted by me)`)
  }

  unmounted(dir: string): void {
    this.table = this.table.filter((line) => !line.includes(` on ${dir} (`))
  }

  #asUsual(program: string, args: readonly string[]): Partial<RunResult> {
    const dir = args.at(-1) ?? ''
    if (program === '/sbin/mount') return { stdout: `${this.table.join('\n')}\n` }
    if (program === '/sbin/mount_webdav') this.mounted(args.at(-2) ?? '', dir)
    if (program === '/sbin/umount' || program === '/usr/sbin/diskutil') this.unmounted(dir)
    return {}
  }
}

let temp: TempDir
let mac: FakeMac
let volumes: Volumes
let mountPoint: string

beforeEach(async () => {
  temp = await makeTempDir('mac')
  mac = new FakeMac()
  mountPoint = join(temp.dir, 'Volumes.noindex', 'Photos')
  volumes = volumesWith({ lateMountMs: 0 })
})
afterEach(() => temp[Symbol.asyncDispose]())

function volumesWith(more: Partial<VolumeDriver>): Volumes {
  const available = () => Promise.resolve(undefined) // All that a machine that is no Mac lacks is the program.
  const driver: VolumeDriver = { ...createMacosDriver(mac.run), available, ...more }
  const volumesDir = join(temp.dir, 'Volumes.noindex')
  return createVolumes({ driver, clock: systemClock, log: silentLogger, volumesDir })
}

const mount = (more: { readonly readOnly?: boolean; readonly signal?: AbortSignal } = {}): Promise<void> =>
  volumes.mount({ url, mountPoint, name: 'Photos', readOnly: false, ...more })

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

describe('mounting on macOS', () => {
  test('runs mount_webdav with the name, and without -S, on a folder of the user alone', async () => {
    await mount()
    expect(mac.changes).toEqual([['/sbin/mount_webdav', '-v', 'Photos', url, mountPoint]])
    expect((await stat(mountPoint)).mode & 0o777).toBe(0o700)
    expect((await volumes.list()).at(-1)).toEqual({ url, mountPoint, type: 'webdav' })
  })

  test('read-only says so to the system', async () => {
    await mount({ readOnly: true })
    expect(mac.changes[0]).toEqual(['/sbin/mount_webdav', '-o', 'rdonly', '-v', 'Photos', url, mountPoint])
  })

  test.each([
    { exitCode: 2, code: 'mount-point-missing' },
    { exitCode: 16, code: 'already-mounted' },
    { exitCode: 19, code: 'mount-unreachable' },
    { exitCode: 22, code: 'mount-refused' },
    { exitCode: 80, code: 'mount-unauthorized' },
    { exitCode: 89, code: 'mount-cancelled' },
    { exitCode: 1, code: 'mount-refused' },
    { exitCode: 77, code: 'mount-refused' },
  ])('that ends with $exitCode is $code, and leaves no folder', async ({ exitCode, code }) => {
    mac.answers.set('/sbin/mount_webdav', { exitCode, stderr: 'mount_webdav: something is wrong\n' })
    await expect(mount()).rejects.toMatchObject({ code, args: { mountPoint, reason: 'something is wrong' } })
    expect(await exists(mountPoint)).toBe(false)
  })

  test.each([
    { failure: 'missing', code: 'mounter-missing' },
    { failure: 'timed-out', code: 'mount-timeout' },
    { failure: 'cancelled', code: 'cancelled' },
    { failure: 'crashed', code: 'mount-refused' },
  ] as const)('with a program that is $failure is $code, and leaves no folder', async ({ failure, code }) => {
    mac.answers.set('/sbin/mount_webdav', failure)
    await expect(mount()).rejects.toMatchObject({ code })
    expect(await exists(mountPoint)).toBe(false)
  })

  test.each([
    { failure: 'timed-out', code: 'mount-timeout' },
    { failure: 'cancelled', code: 'cancelled' },
  ] as const)(
    'that is $failure and mounts later all the same is undone by force',
    async ({ failure, code }) => {
      mac.answers.set('/sbin/mount_webdav', failure)
      // The fourth look at the mount table finds it.
      let looks = 0
      mac.answers.set('/sbin/mount', () => {
        if (++looks === 4) mac.mounted(url, mountPoint)
        return { stdout: mac.table.join('\n') }
      })
      volumes = volumesWith({ lateMountMs: 10_000 })
      await expect(mount()).rejects.toMatchObject({ code })
      expect(mac.changes.at(-1)).toEqual(['/usr/sbin/diskutil', 'unmount', 'force', mountPoint])
      expect(mac.table).toHaveLength(1)
      expect(await exists(mountPoint)).toBe(false)
    },
  )

  test('that is cancelled before it begins runs nothing', async () => {
    await expect(mount({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' })
    expect(mac.commands).toEqual([])
  })

  test('a url that is mounted, shown without its last slash, is not tried again', async () => {
    mac.mounted(url.slice(0, -1), '/Volumes/Other')
    await expect(mount()).rejects.toMatchObject({
      code: 'already-mounted',
      args: { mountPoint: '/Volumes/Other' },
    })
    expect(mac.changes).toEqual([])
  })

  test('where something else is mounted is not tried', async () => {
    mac.mounted('http://127.0.0.1:9/other/', mountPoint)
    await expect(mount()).rejects.toMatchObject({ code: 'mount-point-in-use', args: { mountPoint } })
    expect(mac.changes).toEqual([])
  })

  test('on a folder with files in it is not tried', async () => {
    await mkdir(mountPoint, { recursive: true })
    await writeFile(join(mountPoint, 'a.txt'), '')
    await expect(mount()).rejects.toMatchObject({ code: 'mount-point-not-empty' })
    expect(mac.changes).toEqual([])
  })

  test('in an empty folder of the user that fails leaves the folder there', async () => {
    await mkdir(mountPoint, { recursive: true })
    await chmod(mountPoint, 0o755)
    mac.answers.set('/sbin/mount_webdav', { exitCode: 19 })
    await expect(mount()).rejects.toMatchObject({
      code: 'mount-unreachable',
      args: { reason: 'exit code 19' },
    })
    expect(await exists(mountPoint)).toBe(true)
  })
})

describe('unmounting on macOS', () => {
  const busy = { exitCode: 1, stderr: "umount(/v): Resource busy -- try 'diskutil unmount'\n" }
  const dissented = { exitCode: 1, stdout: 'Volume failed to unmount: dissented by PID 12 (/usr/bin/vim)\n' }

  beforeEach(() => mount().then(() => void mac.commands.splice(0)))

  test('runs umount, and removes the folder it had made', async () => {
    await volumes.unmount(mountPoint, { force: false })
    expect(mac.changes).toEqual([['/sbin/umount', mountPoint]])
    expect(await readdir(join(temp.dir, 'Volumes.noindex'))).toEqual([])
  })

  test('asks diskutil when umount is refused', async () => {
    mac.answers.set('/sbin/umount', busy)
    await volumes.unmount(mountPoint, { force: false })
    expect(mac.changes).toEqual([
      ['/sbin/umount', mountPoint],
      ['/usr/sbin/diskutil', 'unmount', mountPoint],
    ])
  })

  test('of a volume in use is unmount-busy, never forced, and keeps its folder', async () => {
    mac.answers.set('/sbin/umount', busy)
    mac.answers.set('/usr/sbin/diskutil', dissented)
    await expect(volumes.unmount(mountPoint, { force: false })).rejects.toMatchObject({
      code: 'unmount-busy',
      args: { mountPoint },
    })
    expect(mac.changes.flat()).not.toContain('force')
    expect(await exists(mountPoint)).toBe(true)
  })

  test('that fails for another reason is unmount-failed with that reason', async () => {
    mac.answers.set('/sbin/umount', { exitCode: 1, stderr: 'umount: I/O error' })
    mac.answers.set('/usr/sbin/diskutil', { exitCode: 1, stderr: 'diskutil: I/O error' })
    await expect(volumes.unmount(mountPoint, { force: false })).rejects.toMatchObject({
      code: 'unmount-failed',
      args: { mountPoint, reason: 'I/O error' },
    })
  })

  test('by force goes straight to diskutil', async () => {
    await volumes.unmount(mountPoint, { force: true })
    expect(mac.changes).toEqual([['/usr/sbin/diskutil', 'unmount', 'force', mountPoint]])
  })

  test('believes the mount table, not the exit code', async () => {
    mac.answers.set('/sbin/umount', () => {
      mac.unmounted(mountPoint)
      return busy
    })
    mac.answers.set('/usr/sbin/diskutil', dissented)
    await volumes.unmount(mountPoint, { force: false })
    expect(await exists(mountPoint)).toBe(false)
  })

  test.each([
    { place: 'where nothing is mounted', path: '/v/none' },
    { place: 'of a file system that is not WebDAV', path: '/' },
  ])('$place is not-mounted', async ({ path }) => {
    await expect(volumes.unmount(path, { force: true })).rejects.toMatchObject({
      code: 'not-mounted',
      args: { mountPoint: path },
    })
    expect(mac.changes).toEqual([])
  })
})

describe('the other commands of macOS', () => {
  test('reveal opens the folder', async () => {
    await volumes.reveal('/v/Photos')
    expect(mac.commands).toEqual([['/usr/bin/open', '/v/Photos']])
  })

  test.each(['/v/Photos.app', '/v/Photos.workflow'])('reveal starts nothing: %s is shown', async (dir) => {
    await volumes.reveal(dir)
    expect(mac.changes).toEqual([['/usr/bin/open', '-R', dir]])
  })

  test('reveal says when it cannot', async () => {
    mac.answers.set('/usr/bin/open', { exitCode: 1, stderr: 'The file does not exist.\n' })
    await expect(volumes.reveal('/v')).rejects.toMatchObject({
      code: 'command-failed',
      args: { command: '/usr/bin/open', exitCode: 1, reason: 'The file does not exist.' },
    })
  })

  test.each([
    { failure: 'missing', code: 'command-missing' },
    { failure: 'timed-out', code: 'command-timeout' },
    { failure: 'cancelled', code: 'cancelled' },
    { failure: 'crashed', code: 'command-failed' },
  ] as const)('a mount table that is $failure is $code', async ({ failure, code }) => {
    mac.answers.set('/sbin/mount', failure)
    await expect(volumes.list()).rejects.toMatchObject({ code })
  })
})
