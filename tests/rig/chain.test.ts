import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, inject, test } from 'vitest'

import { expectClean } from '../conformance/macos/macos-drive.ts'
import { Drive, patterned } from '../contract/backend/subject.ts'
import { mountDavfs2, type Davfs2Mount } from '../harness/davfs2.ts'
import { makeFileTree, readTree } from '../harness/file-tree.ts'
import type { TestFront } from '../harness/front.ts'
import { needs } from '../harness/needs.ts'
import { startBridgeFront } from '../harness/rig/bridge-front.ts'
import type { RigBridge } from '../harness/rig/rig-bridge.ts'
import { startRig, type Rig } from '../harness/rig/rig.ts'
import { attachVm } from '../harness/vm/attach-vm.ts'
import { vmNeeds } from '../harness/vm/vm-needs.ts'
import { waitFor } from '../harness/wait-for.ts'
import { mountSimulatedVolume } from '../harness/webdavfs/mount.ts'
import type { SimulatedVolume } from '../harness/webdavfs/volume.ts'

/** Generous: the VM's processor is emulated, and other suites may share the machine. */
const limitMs = 250_000

const large = patterned(20_000_001)
const unicodeNames = ['Ärger und Öl.txt', '語'.repeat(40), '👩‍👩‍👧‍👦 🏳️‍🌈.txt', '100% & more;.txt']

needs(...vmNeeds, 'davfs2')('the whole chain, from a volume to the bucket', () => {
  const stack = new AsyncDisposableStack()
  let rig: Rig
  let bridge: RigBridge
  let drive: Drive
  let front: TestFront
  let volume: Davfs2Mount
  let macos: SimulatedVolume

  beforeAll(async () => {
    rig = stack.use(await startRig({ vm: await attachVm(inject('rigVmPort')) }))
    bridge = await rig.startBridge()
    drive = new Drive(stack.use(bridge.backend()))
    front = stack.use(await startBridgeFront(bridge))
    volume = stack.use(await mountDavfs2(front.url))
    macos = stack.use(await mountSimulatedVolume({ url: front.url, netfs: true }))
  })

  afterAll(() => stack.disposeAsync())

  const onVolume = (path: string) => join(volume.mountDir, path)
  const onServer = (path: string) => join(rig.exportDir, path)
  const delivered = () =>
    waitFor(async () => (await front.status()).uploads.pending === 0, { what: 'all uploads', limitMs })
  const inBucket = (key: string) => rig.s3Files.bucketSide.bucket.object(key)

  const inAgent = async (command: string) =>
    rig.vm.exec(`docker exec ${await bridge.containerId('agent')} ${command}`, { limitMs })

  const serverHas = async (path: string, content: Uint8Array) => {
    const isThere = () => readFile(onServer(path)).then((bytes) => bytes.equals(content), no)
    await waitFor(isThere, { what: `${path} on the NFS server`, limitMs })
  }
  const bucketHas = async (key: string, content: Uint8Array) => {
    const isThere = () => inBucket(key)?.body.equals(content)
    await waitFor(isThere, { what: `${key} in the bucket`, limitMs })
  }

  test('the bridge is let in by its certificate alone, and mounts NFSv4.2 by the kernel', async () => {
    const { connections } = rig.s3Files.mountTarget.target
    expect(connections.map(({ verdict }) => verdict.refusals)).toEqual(connections.map(() => []))
    expect(connections.at(-1)).toMatchObject({ isOpen: true, tlsVersion: 'TLSv1.3' })
    const mounts = await inAgent('cat /proc/mounts')
    expect(mounts).toMatch(/^127\.0\.0\.1:\/ \/mnt\/s3files nfs4 .*vers=4\.2,rsize=1048576,wsize=1048576/m)
  })

  test('the kernel reads far ahead on its mount, although its /sys is read-only', async () => {
    const device = (await inAgent('mountpoint -d /mnt/s3files')).trim()
    expect(Number(await inAgent(`cat /sys/class/bdi/${device}/read_ahead_kb`))).toBe(15_360)
  })

  test('what the agent has taken is on the NFS server at once, and in the bucket once it was left alone', async () => {
    const content = patterned(3_000_001)
    await drive.put('/report.bin', content)
    expect(content.equals(await readFile(onServer('report.bin')))).toBe(true)
    expect(content.equals(await drive.get('/report.bin'))).toBe(true)
    await bucketHas('report.bin', content)
  })

  test('a small file and one of 20 MB arrive byte for byte, on the server and in the bucket', async () => {
    await writeFile(onVolume('small.txt'), 'a few words')
    await writeFile(onVolume('large.bin'), large)
    for (const [path, content] of [
      ['small.txt', Buffer.from('a few words')],
      ['large.bin', large],
    ] as const) {
      await serverHas(path, content)
      await bucketHas(path, content)
    }
  })

  test('what the server has, a volume reads byte for byte', async () => {
    await writeFile(onServer('from-elsewhere.bin'), large)
    await waitFor(() => readFile(onVolume('from-elsewhere.bin')).then(yes, no), { what: 'the file', limitMs })
    expect((await readFile(onVolume('from-elsewhere.bin'))).equals(large)).toBe(true)
  })

  test('a tree of many files is the same on both ends', async () => {
    await makeFileTree(onVolume('tree'), { files: 60, seed: 1 })
    const expected = await readTree(onVolume('tree'))
    const arrived = async () =>
      JSON.stringify(await readTree(onServer('tree')).catch(no)) === JSON.stringify(expected)
    await waitFor(arrived, { what: 'the whole tree', limitMs })
    expect(Object.keys(expected).length).toBeGreaterThan(60)
  })

  test('a rename is one on the server, and a copy with a deletion in the bucket', async () => {
    const content = Buffer.from('to be renamed')
    await writeFile(onVolume('before.txt'), content)
    await bucketHas('before.txt', content)
    await rename(onVolume('before.txt'), onVolume('after.txt'))
    await serverHas('after.txt', content)
    await bucketHas('after.txt', content)
    await waitFor(() => inBucket('before.txt') === undefined, { what: 'the old key to go', limitMs })
  })

  test('an atomic save replaces the document and leaves nothing beside it', async () => {
    await mkdir(onVolume('documents'))
    const path = 'documents/letter.txt'
    await writeFile(onVolume(path), 'the first version')
    await serverHas(path, Buffer.from('the first version'))
    const second = Buffer.from('the second version, saved atomically')
    const file = await open(onVolume(`${path}.tmp`), 'wx')
    await file.writeFile(second)
    await file.close()
    await rename(onVolume(`${path}.tmp`), onVolume(path))
    await serverHas(path, second)
    await delivered()
    expect(Object.keys(await readTree(onServer('documents')))).toEqual(['letter.txt'])
    await bucketHas(path, second)
  })

  test('names of any script keep their bytes', async () => {
    for (const name of unicodeNames) {
      const content = Buffer.from(`content of ${name}`)
      await writeFile(onVolume(name), content)
      await serverHas(name, content)
      await bucketHas(name, content)
      await rm(onVolume(name))
    }
  })

  test('macOS’s client saves, reads, renames and deletes without seeing anything unusual', async () => {
    await macos.settleIn()
    await macos.newFolder('/Finder')
    await macos.copyIn('/Finder/film.bin', large)
    await macos.cpIn('/Finder/note.txt', Buffer.from('a note'))
    await macos.atomicSave('/Finder/note.txt', Buffer.from('a better note'))
    await macos.rename('/Finder/note.txt', '/Finder/Ünïcode.txt')
    expect((await macos.copyOut('/Finder/film.bin')).equals(large)).toBe(true)
    await delivered()
    await serverHas('Finder/film.bin', large)
    await serverHas('Finder/Ünïcode.txt', Buffer.from('a better note'))
    await bucketHas('Finder/film.bin', large)
    expect(Object.keys(await readTree(onServer('Finder'))).sort()).toEqual(['film.bin', 'Ünïcode.txt'])
    await macos.deleteTree('/Finder')
    await waitFor(() => readTree(onServer('Finder')).then(no, yes), { what: 'the folder to go', limitMs })
    expectClean(macos)
  })

  test('no connection was refused, and nothing was left to look after', async () => {
    const { connections } = rig.s3Files.mountTarget.target
    expect(connections.flatMap(({ verdict }) => verdict.refusals)).toEqual([])
    expect(connections.length).toBeGreaterThan(0)
    const { uploads } = await front.status()
    expect(uploads).toMatchObject({ pending: 0, attention: 0, conflicts: 0 })
  })
})

const yes = () => true
const no = () => false
