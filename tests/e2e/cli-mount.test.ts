import { spawn } from 'node:child_process'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import {
  isAlive,
  makeCommandHome,
  volumesBelow,
  type CommandHome,
  type DriveStatus,
} from '../harness/command-home.ts'
import { needs } from '../harness/needs.ts'
import { runProgram } from '../harness/run-program.ts'
import { waitFor } from '../harness/wait-for.ts'

needs('davfs2')('mountbar on a machine that can mount', () => {
  let home: CommandHome
  let photosDir: string
  let mountPoint: string

  beforeEach(async () => {
    home = await makeCommandHome()
    photosDir = join(home.dir, 'Photos')
    mountPoint = join(home.dir, 'volume')
    await mkdir(photosDir)
    await writeFile(join(photosDir, 'a.txt'), 'from the folder')
  })

  afterEach(async () => {
    expect(await home.cleanUp()).toEqual([])
  })

  const mountPhotos = async (): Promise<{ keeper: number; front: number }> => {
    const { status, stderr } = await home.run('mount', photosDir, '--at', mountPoint)
    expect({ status, stderr }).toMatchObject({ status: 0 })
    const [keeper] = await home.keepers()
    return { keeper: keeper!, front: (await home.status('Photos')).pid! }
  }
  /** The drive once a front answers that is not `front`, which may still be dying. */
  const frontAfter = (front: number): Promise<DriveStatus> =>
    waitFor(
      async () => {
        const status = await home.status('Photos')
        return status.front === 'answers' && status.pid !== front ? status : undefined
      },
      { what: 'another front' },
    )
  const unmountPhotos = async (): Promise<void> => {
    expect(await home.run('unmount', 'Photos')).toMatchObject({ status: 0 })
  }

  test('a folder is mounted, seen, changed and unmounted by separate commands', async () => {
    const { keeper, front } = await mountPhotos()
    expect(await readFile(join(mountPoint, 'a.txt'), 'utf8')).toBe('from the folder')
    await writeFile(join(mountPoint, 'b.txt'), 'from the volume')
    expect(await home.status('Photos')).toMatchObject({
      mounted: true,
      mountPoint,
      state: { kind: 'mounted' },
    })

    await unmountPhotos()
    expect(await readFile(join(photosDir, 'b.txt'), 'utf8')).toBe('from the volume')
    expect(await readdir(mountPoint)).toEqual([])
    expect(await isAlive(front)).toBe(false)
    await waitFor(async () => !(await isAlive(keeper)), { what: 'the keeper to end' })
  })

  test('mounting again keeps the address, and the default mount point carries the name', async () => {
    await home.run('mount', photosDir)
    const first = await home.status('Photos')
    expect(first.mountPoint).toBe(join(home.dir, 'app', 'Volumes.noindex', 'Photos'))
    await unmountPhotos()
    await home.run('mount', 'photos')
    expect((await home.status('Photos')).url).toBe(first.url)
    await unmountPhotos()
  })

  test('a second mount says where the volume is and starts nothing', async () => {
    await mountPhotos()
    const again = await home.run('mount', 'Photos')
    expect(again).toMatchObject({ status: 0 })
    expect(again.stdout).toContain(mountPoint)
    await waitFor(async () => (await home.keepers()).length === 1, { what: 'one keeper alone' })
    await unmountPhotos()
  })

  test('two mounts of one drive at the same moment end with one volume', async () => {
    const both = await Promise.all([
      home.run('mount', photosDir, '--at', mountPoint),
      home.run('mount', photosDir, '--at', mountPoint),
    ])
    expect(both.some(({ status }) => status === 0)).toBe(true)
    expect(both.filter(({ status }) => status !== 0 && status !== 4)).toEqual([])
    expect(await volumesBelow(home.dir)).toEqual([mountPoint])
    await waitFor(async () => (await home.keepers()).length === 1, { what: 'one keeper to be left' })
    await unmountPhotos()
  })

  test('two drives are mounted at once and unmounted together', async () => {
    const musicDir = join(home.dir, 'Müsik 🎵')
    await mkdir(musicDir)
    await mountPhotos()
    expect(await home.run('mount', musicDir)).toMatchObject({ status: 0 })
    expect(await volumesBelow(home.dir)).toHaveLength(2)
    const unmounted = await home.run('unmount', '--all')
    expect(unmounted).toMatchObject({ status: 0 })
    expect(unmounted.stdout.trim().split('\n').sort()).toEqual([
      'Müsik 🎵 is unmounted.',
      'Photos is unmounted.',
    ])
    expect(await volumesBelow(home.dir)).toEqual([])
  })

  test('a read-only drive can be read and not written', async () => {
    await home.run('mount', photosDir, '--at', mountPoint, '--read-only')
    expect(await readFile(join(mountPoint, 'a.txt'), 'utf8')).toBe('from the folder')
    await expect(writeFile(join(mountPoint, 'b.txt'), 'x')).rejects.toThrow(/EROFS|EACCES|EPERM/)
    await unmountPhotos()
    expect(await readdir(photosDir)).toEqual(['a.txt'])
  })

  test('a volume that is unmounted by the system takes front and keeper with it', async () => {
    const { keeper, front } = await mountPhotos()
    await runProgram('umount', [mountPoint])
    await waitFor(async () => !(await isAlive(front)) && !(await isAlive(keeper)), {
      what: 'front and keeper to end',
    })
    expect((await home.status('Photos')).state.kind).toBe('unmounted')
  })

  test.each(['SIGTERM', 'SIGINT'] as const)('%s makes a keeper unmount and end', async (signal) => {
    const { keeper, front } = await mountPhotos()
    await writeFile(join(mountPoint, 'late.txt'), 'written just before')
    process.kill(keeper, signal)
    await waitFor(async () => !(await isAlive(keeper)), { what: 'the keeper to end' })
    expect(await volumesBelow(home.dir)).toEqual([])
    expect(await isAlive(front)).toBe(false)
    expect(await readFile(join(photosDir, 'late.txt'), 'utf8')).toBe('written just before')
  })

  test('a front that is killed comes back on the same address, and the volume goes on', async () => {
    const { front } = await mountPhotos()
    const before = await home.status('Photos')
    process.kill(front, 'SIGKILL')
    const after = await frontAfter(front)
    expect(after.url).toBe(before.url)
    expect(await readFile(join(mountPoint, 'a.txt'), 'utf8')).toBe('from the folder')
    await writeFile(join(mountPoint, 'after.txt'), 'goes on')
    await unmountPhotos()
    expect(await readFile(join(photosDir, 'after.txt'), 'utf8')).toBe('goes on')
  })

  describe('when a keeper is killed', () => {
    beforeEach(async () => {
      const { keeper, front } = await mountPhotos()
      process.kill(keeper, 'SIGKILL')
      await waitFor(async () => !(await isAlive(front)), { what: 'the front to die with its keeper' })
    })

    test('status says that the volume has no server, and mount repairs it', async () => {
      const broken = await home.status('Photos')
      expect(broken).toMatchObject({ mounted: true, front: 'none', state: { degraded: 'front-down' } })
      expect((await home.run('status')).stdout).toContain('`mountbar mount "Photos"` repairs it')

      expect(await home.run('mount', 'Photos')).toMatchObject({ status: 0 })
      const repaired = await home.status('Photos')
      expect(repaired).toMatchObject({ front: 'answers', url: broken.url, mountPoint })
      expect(await readFile(join(mountPoint, 'a.txt'), 'utf8')).toBe('from the folder')
      await unmountPhotos()
    })

    test('unmount --force removes the volume', async () => {
      expect(await home.run('unmount', '--force', 'Photos')).toMatchObject({ status: 0 })
      expect(await volumesBelow(home.dir)).toEqual([])
    })

    test('a plain unmount lets the volume hand over what it holds', async () => {
      await unmountPhotos()
      expect(await volumesBelow(home.dir)).toEqual([])
    })

    test('a repair that finds its port taken says what to do', async () => {
      const { url } = await home.status('Photos')
      await using _squatter = await takePort(Number(new URL(url).port))
      const { status, stderr } = await home.run('mount', 'Photos')
      expect(status).toBe(4)
      expect(stderr).toContain('mountbar unmount --force')
      expect(await home.run('unmount', '--force', 'Photos')).toMatchObject({ status: 0 })
    })
  })

  test('a volume in use stays mounted, and --force removes it', async () => {
    await mountPhotos()
    const user = spawn('sleep', ['600'], { cwd: mountPoint, stdio: 'ignore' })
    try {
      const refused = await home.run('unmount', 'Photos')
      expect(refused).toMatchObject({ status: 4 })
      expect(refused.stderr).toContain('--force')
      expect(await readFile(join(mountPoint, 'a.txt'), 'utf8')).toBe('from the folder')
      expect(await home.run('unmount', '--force', 'Photos')).toMatchObject({ status: 0 })
    } finally {
      user.kill('SIGKILL')
    }
    expect(await volumesBelow(home.dir)).toEqual([])
  })

  test('a taken port is replaced for good, and the user is told', async () => {
    await mountPhotos()
    await unmountPhotos()
    const { url } = await home.status('Photos')
    const port = Number(new URL(url).port)
    {
      await using _squatter = await takePort(port)
      const { status, stderr } = await home.run('mount', 'Photos')
      expect(status).toBe(0)
      expect(stderr).toContain(`port ${port}`)
      expect(await readFile(join(mountPoint, 'a.txt'), 'utf8')).toBe('from the folder')
    }
    await unmountPhotos()
    const moved = (await home.status('Photos')).url
    expect(moved).not.toBe(url)
    await home.run('mount', 'Photos')
    expect((await home.status('Photos')).url).toBe(moved)
    await unmountPhotos()
  })

  describe('what cannot be mounted is refused with nothing left behind:', () => {
    afterEach(async () => {
      // A keeper that was told no still has to take leave.
      await waitFor(async () => (await home.keepers()).length === 0, { what: 'the keepers to end' })
      expect(await volumesBelow(home.dir)).toEqual([])
    })

    test('a mount point with files in it', async () => {
      await mkdir(mountPoint)
      await writeFile(join(mountPoint, 'mine.txt'), 'x')
      const { status, stderr } = await home.run('mount', photosDir, '--at', mountPoint)
      expect(status).toBe(4)
      expect(stderr).toContain(`“${mountPoint}”`)
      expect(await readdir(mountPoint)).toEqual(['mine.txt'])
    })

    test('a mount point inside the folder', async () => {
      expect(await home.run('mount', photosDir, '--at', join(photosDir, 'inside'))).toMatchObject({
        status: 2,
      })
      expect(await readdir(photosDir)).toEqual(['a.txt'])
    })

    test('a folder that has gone since', async () => {
      await mountPhotos()
      await unmountPhotos()
      await rm(photosDir, { recursive: true })
      const { status, stderr } = await home.run('mount', 'Photos')
      expect(status).toBe(3)
      expect(stderr).toContain(`“${photosDir}”`)
    })

    test('a file', async () => {
      expect(await home.run('mount', join(photosDir, 'a.txt'))).toMatchObject({ status: 3 })
    })
  })

  test('Ctrl-C while mounting leaves nothing mounted', async () => {
    const mounting = home.start('mount', photosDir, '--at', mountPoint)
    await waitFor(() => mounting.output().includes('Starting the server'), { what: 'the start' })
    mounting.child.kill('SIGINT')
    const { status } = await mounting.finished
    // The interrupt may come when the volume is mounted already; then it stays, as for any other finished command.
    if (status === 0) await unmountPhotos()
    else expect(status).toBe(130)
    await waitFor(async () => (await home.keepers()).length === 0, { what: 'the keeper to end' })
    expect(await volumesBelow(home.dir)).toEqual([])
  })

  test('--foreground keeps the volume until it is interrupted', async () => {
    const running = home.start('mount', photosDir, '--at', mountPoint, '--foreground')
    await waitFor(() => running.output().includes('Press Ctrl-C'), { what: 'the volume' })
    const { pid } = await home.status('Photos')
    expect(await readFile(join(mountPoint, 'a.txt'), 'utf8')).toBe('from the folder')
    running.child.kill('SIGINT')
    expect(await running.finished).toMatchObject({ status: 0 })
    expect(await volumesBelow(home.dir)).toEqual([])
    expect(await isAlive(pid!)).toBe(false)
  })

  test('no secret of a drive is written to a log', async () => {
    await mountPhotos()
    const { url, pid } = await home.status('Photos')
    const secret = new URL(url).pathname.replaceAll('/', '')
    expect(secret).toMatch(/^[0-9a-f]{32}$/)
    process.kill(pid!, 'SIGKILL')
    await frontAfter(pid!)
    await unmountPhotos()
    const logDir = join(home.dir, 'app', 'logs')
    const logs = await Promise.all(
      (await readdir(logDir)).map((name) => readFile(join(logDir, name), 'utf8')),
    )
    expect(logs.join('')).toContain('front ended')
    expect(logs.join('')).not.toContain(secret)
  })

  test('doctor finds nothing wrong with a machine that can mount', async () => {
    const { status, stdout } = await home.run('doctor', '--json')
    const { checks } = JSON.parse(stdout) as { checks: { id: string; passed: boolean; severity: string }[] }
    expect(checks.filter(({ passed, severity }) => !passed && severity === 'problem')).toEqual([])
    expect(checks.map(({ id }) => id)).toContain('front')
    expect(status).toBe(0)
  })

  test('doctor names a volume that lost its server', async () => {
    const { keeper } = await mountPhotos()
    process.kill(keeper, 'SIGKILL')
    await waitFor(async () => (await home.status('Photos')).front === 'none', {
      what: 'the front to be gone',
    })
    const { status, stdout } = await home.run('doctor')
    expect(status).toBe(1)
    expect(stdout).toContain('mountbar unmount --force "Photos"')
    await home.run('unmount', '--force', 'Photos')
  })
})

/** Listens on the port as a stranger would, until disposed. */
async function takePort(port: number): Promise<AsyncDisposable> {
  const server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
