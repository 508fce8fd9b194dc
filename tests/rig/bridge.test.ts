import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, inject, test } from 'vitest'

import { Drive, patterned } from '../contract/backend/subject.ts'
import { needs } from '../harness/needs.ts'
import { startRig, type Rig } from '../harness/rig/rig.ts'
import type { RigBridge } from '../harness/rig/rig-bridge.ts'
import { attachVm } from '../harness/vm/attach-vm.ts'
import { vmNeeds } from '../harness/vm/vm-needs.ts'
import { waitFor } from '../harness/wait-for.ts'

/** Generous: the VM's processor is emulated, and other suites may share the machine. */
const limitMs = 250_000

needs(...vmNeeds)('a bridge in an engine of its own', () => {
  const stack = new AsyncDisposableStack()
  let rig: Rig
  let bridge: RigBridge
  let drive: Drive

  beforeAll(async () => {
    rig = stack.use(await startRig({ vm: await attachVm(inject('rigVmPort')) }))
    bridge = await rig.startBridge()
    drive = new Drive(stack.use(bridge.backend()))
  })

  afterAll(() => stack.disposeAsync())

  const inAgent = async (command: string) =>
    rig.vm.exec(`docker exec ${await bridge.containerId('agent')} ${command}`, { limitMs })

  test('is let in by its certificate alone, and mounts NFSv4.2 by the kernel', async () => {
    const { connections } = rig.s3Files.mountTarget.target
    expect(connections.map(({ verdict }) => verdict.refusals)).toEqual(connections.map(() => []))
    expect(connections.at(-1)).toMatchObject({ isOpen: true, tlsVersion: 'TLSv1.3' })
    const mounts = await inAgent('cat /proc/mounts')
    expect(mounts).toMatch(/^127\.0\.0\.1:\/ \/mnt\/s3files nfs4 .*vers=4\.2,rsize=1048576,wsize=1048576/m)
  })

  test('has the kernel read far ahead on the mount, although its /sys is read-only', async () => {
    const device = (await inAgent('mountpoint -d /mnt/s3files')).trim()
    expect(Number(await inAgent(`cat /sys/class/bdi/${device}/read_ahead_kb`))).toBe(15_360)
  })

  test('has the same bytes on the NFS server at once, and in the bucket once the file was left alone', async () => {
    const content = patterned(3_000_001)
    await drive.put('/report.bin', content)
    expect(content.equals(await readFile(join(rig.exportDir, 'report.bin')))).toBe(true)
    expect(content.equals(await drive.get('/report.bin'))).toBe(true)
    const { bucket } = rig.s3Files.bucketSide
    const object = await waitFor(() => bucket.object('report.bin'), { what: 'the export', limitMs })
    expect(content.equals(object.body)).toBe(true)
  })
})
