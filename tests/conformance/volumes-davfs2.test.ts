import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, open, readFile, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { systemClock } from '../../src-main/lib/clock.ts'
import { silentLogger } from '../../src-main/lib/logger.ts'
import { createRunProcess, type RunProcess } from '../../src-main/lib/run-process.ts'
import { findDavfsDaemon } from '../../src-main/services/volumes/davfs-daemon.ts'
import { selectVolumes } from '../../src-main/services/volumes/select-volumes.ts'
import type { MountRequest, Volumes } from '../../src-main/services/volumes/volumes.ts'
import { startTestFront, type TestFront } from '../harness/front.ts'
import { needs } from '../harness/needs.ts'
import { makeTempDir, type TempDir } from '../harness/temp-dir.ts'
import { waitFor } from '../harness/wait-for.ts'

needs('davfs2')('a volume by davfs2', () => {
  let temp: TempDir
  let front: TestFront
  let volumes: Volumes
  let cleanup: AsyncDisposableStack

  beforeEach(async () => {
    cleanup = new AsyncDisposableStack()
    temp = cleanup.use(await makeTempDir('volumes'))
    front = cleanup.use(await startTestFront())
    volumes = volumesWith(createRunProcess({ ...process.env, http_proxy: 'http://127.0.0.1:1/' }))
    // Last in, first out: whatever a test has left mounted goes before its front and its folders do.
    cleanup.defer(unmountAll)
  })
  afterEach(() => cleanup.disposeAsync())

  function volumesWith(run: RunProcess): Volumes {
    const volumesDir = join(temp.dir, 'Volumes.noindex')
    const found = selectVolumes('linux', {
      run,
      clock: systemClock,
      log: silentLogger,
      stateDir: join(temp.dir, 'state'),
      volumesDir,
    })
    if (found === undefined) throw new Error('no volumes on Linux')
    return found
  }

  async function unmountAll(): Promise<void> {
    for (const { mountPoint } of await mountedHere()) await volumes.unmount(mountPoint, { force: true })
  }

  async function mountedHere(): Promise<readonly { readonly mountPoint: string; readonly url: string }[]> {
    return (await volumes.list()).filter(({ mountPoint }) => mountPoint.startsWith(temp.dir))
  }

  function request(more: Partial<MountRequest> = {}): MountRequest {
    const mountPoint = join(temp.dir, 'Volumes.noindex', 'My (test) drive')
    return { url: front.url, mountPoint, name: 'My (test) drive', readOnly: false, ...more }
  }

  test('can be made on this machine', async () => {
    expect(await volumes.available()).toBeUndefined()
  })

  test('is in the mount table under its exact URL, and belongs to its owner alone', async () => {
    await volumes.mount(request())
    expect(await mountedHere()).toEqual([{ mountPoint: request().mountPoint, url: front.url, type: 'fuse' }])
    expect((await stat(request().mountPoint)).mode & 0o777).toBe(0o700)
  })

  test('reads, writes, renames and removes through to the folder behind it', async () => {
    await writeFile(join(front.rootDir, 'old.txt'), 'from the folder')
    await volumes.mount(request())
    const at = (name: string) => join(request().mountPoint, name)

    expect(await readFile(at('old.txt'), 'utf8')).toBe('from the folder')
    await mkdir(at('new'))
    await writeFile(at('new/a file.txt'), 'from the volume')
    await waitFor(() => textOf('new/a file.txt').then((text) => text === 'from the volume'), {
      what: 'the write to reach the folder without an unmount',
    })
    await rename(at('new/a file.txt'), at('b.txt'))
    await rm(at('old.txt'))
    expect((await readdir(front.rootDir)).sort()).toEqual(['b.txt', 'new'])
  })

  test('is gone after unmounting, with its mount point, its daemon, and everything written', async () => {
    const volume = { url: front.url, mountPoint: request().mountPoint, type: 'fuse' }
    await volumes.mount(request())
    expect(await findDavfsDaemon(volume)).toBeTypeOf('number')
    await writeFile(join(request().mountPoint, 'big'), Buffer.alloc(20_000_000, 7))
    await volumes.unmount(request().mountPoint, { force: false })

    expect(await mountedHere()).toEqual([])
    expect(await findDavfsDaemon(volume)).toBeUndefined()
    await expect(stat(request().mountPoint)).rejects.toMatchObject({ code: 'ENOENT' })
    expect((await stat(join(front.rootDir, 'big'))).size).toBe(20_000_000)
  })

  test('at a folder the user chose leaves that folder there', async () => {
    const mountPoint = join(temp.dir, 'chosen')
    await mkdir(mountPoint)
    await volumes.mount(request({ mountPoint }))
    await volumes.unmount(mountPoint, { force: false })
    expect(await readdir(mountPoint)).toEqual([])
  })

  test('is found by a path with a symbolic link in it', async () => {
    await mkdir(join(temp.dir, 'real'))
    await symlink(join(temp.dir, 'real'), join(temp.dir, 'link'))
    const mountPoint = join(temp.dir, 'link', 'drive')
    await volumes.mount(request({ mountPoint }))
    expect((await mountedHere())[0]?.mountPoint).toBe(join(temp.dir, 'real', 'drive'))
    await volumes.unmount(mountPoint, { force: false })
    expect(await mountedHere()).toEqual([])
  })

  test('that is read-only refuses to be written', async () => {
    await volumes.mount(request({ readOnly: true }))
    const written = writeFile(join(request().mountPoint, 'a.txt'), 'x')
    await expect(written).rejects.toMatchObject({ code: 'EROFS' })
  })

  test('in use stays without force, and goes with it', async () => {
    await writeFile(join(front.rootDir, 'open.txt'), 'held')
    await volumes.mount(request())
    const { mountPoint } = request()
    const file = await open(join(mountPoint, 'open.txt'))
    cleanup.defer(() => file.close().catch(() => undefined))

    await expect(volumes.unmount(mountPoint, { force: false })).rejects.toMatchObject({
      code: 'unmount-busy',
      args: { mountPoint },
    })
    expect(await mountedHere()).toHaveLength(1)
    await volumes.unmount(mountPoint, { force: true })
    expect(await mountedHere()).toEqual([])
  })

  test('whose front was killed can be forced away', async () => {
    await volumes.mount(request())
    await front.kill9()
    await volumes.unmount(request().mountPoint, { force: true })
    expect(await mountedHere()).toEqual([])
  })

  test('lives on when its front comes back on the same URL', async () => {
    await writeFile(join(front.rootDir, 'a.txt'), 'before')
    await volumes.mount(request())
    await front.restart()
    await writeFile(join(front.rootDir, 'b.txt'), 'after')
    await waitFor(() => readFile(join(request().mountPoint, 'b.txt'), 'utf8').catch(() => undefined), {
      what: 'the new file on the old volume',
      limitMs: 30_000,
    })
  })

  test('is not mounted twice, whatever the place', async () => {
    await volumes.mount(request())
    const again = volumes.mount(request({ mountPoint: join(temp.dir, 'second') }))
    await expect(again).rejects.toMatchObject({
      code: 'already-mounted',
      args: { mountPoint: request().mountPoint },
    })
    await expect(stat(join(temp.dir, 'second'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('does not go where another one is', async () => {
    await using other = await startTestFront()
    await volumes.mount(request())
    await expect(volumes.mount(request({ url: other.url }))).rejects.toMatchObject({
      code: 'mount-point-in-use',
    })
    await unmountAll()
  })

  test('does not hide files that are at its place', async () => {
    const mountPoint = join(temp.dir, 'full')
    await mkdir(mountPoint)
    await writeFile(join(mountPoint, 'a.txt'), 'mine')
    await expect(volumes.mount(request({ mountPoint }))).rejects.toMatchObject({
      code: 'mount-point-not-empty',
      args: { mountPoint },
    })
    expect(await readFile(join(mountPoint, 'a.txt'), 'utf8')).toBe('mine')
  })

  test('does not go on a file', async () => {
    const mountPoint = join(temp.dir, 'file')
    await writeFile(mountPoint, 'mine')
    await expect(volumes.mount(request({ mountPoint }))).rejects.toMatchObject({
      code: 'mount-point-missing',
    })
  })

  test.each([
    { server: 'nobody', code: 'mount-unreachable', status: 0 },
    { server: 'a server without WebDAV', code: 'mount-unreachable', status: 200 },
    { server: 'a server that asks for a password', code: 'mount-unauthorized', status: 401 },
    { server: 'a server that forbids it', code: 'mount-refused', status: 403 },
  ])('of $server is refused with $code, and nothing is left', async ({ code, status }) => {
    const url = await urlOfServer(status)
    await expect(volumes.mount(request({ url }))).rejects.toMatchObject({ code })
    expect(await mountedHere()).toEqual([])
    await expect(stat(request().mountPoint)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  /** A server that has this status for everything; with 0 one that is gone. */
  async function urlOfServer(status: number): Promise<string> {
    const server: Server = createServer((_, response) => {
      response.writeHead(status, status === 401 ? { 'WWW-Authenticate': 'Basic realm="x"' } : {}).end()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    if (status === 0) server.close()
    else cleanup.defer(() => void server.close())
    return `http://127.0.0.1:${port}/`
  }

  test('that is cancelled while its server keeps silent leaves nothing behind', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    cleanup.defer(() => {
      silent.closeAllConnections()
      silent.close()
    })
    const { port } = silent.address() as AddressInfo
    const cancel = new AbortController()
    silent.once('request', () => cancel.abort())
    const url = `http://127.0.0.1:${port}/`
    await expect(volumes.mount(request({ url, signal: cancel.signal }))).rejects.toMatchObject({
      code: 'cancelled',
    })
    expect(await mountedHere()).toEqual([])
    expect(await findDavfsDaemon({ url, mountPoint: request().mountPoint, type: 'fuse' })).toBeUndefined()
    await expect(stat(request().mountPoint)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('that is cancelled at the moment it is mounted is unmounted again', async () => {
    const cancel = new AbortController()
    const run = createRunProcess(process.env)
    const late = volumesWith(async (...call) => {
      const result = await run(...call)
      cancel.abort()
      return result
    })
    await expect(late.mount(request({ signal: cancel.signal }))).rejects.toMatchObject({ code: 'cancelled' })
    expect(await mountedHere()).toEqual([])
  })

  test('is all that unmount takes away: other file systems are not ours', async () => {
    const bindDir = join(temp.dir, 'bind')
    await mkdir(bindDir)
    await exec('mount', '--bind', front.rootDir, bindDir)
    cleanup.defer(() => exec('umount', bindDir))
    await expect(volumes.unmount(bindDir, { force: true })).rejects.toMatchObject({ code: 'not-mounted' })
    expect(await mountedHere()).toHaveLength(1)
  })

  async function exec(program: string, ...args: readonly string[]): Promise<void> {
    const [exitCode] = (await once(spawn(program, args), 'exit')) as [number]
    if (exitCode !== 0) throw new Error(`${program} ended with ${exitCode}`)
  }

  async function textOf(path: string): Promise<string | undefined> {
    return await readFile(join(front.rootDir, path), 'utf8').catch(() => undefined)
  }
})
