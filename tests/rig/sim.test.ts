import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { execa } from 'execa'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'

import { patterned } from '../contract/backend/subject.ts'
import { needs } from '../harness/needs.ts'
import { startRig, type Rig } from '../harness/rig/rig.ts'
import { prepareSimCommand, type SimCommand } from '../harness/rig/sim-command.ts'
import { makeTempDir, type TempDir } from '../harness/temp-dir.ts'
import { attachVm } from '../harness/vm/attach-vm.ts'
import { vmNeeds } from '../harness/vm/vm-needs.ts'
import { waitFor } from '../harness/wait-for.ts'

/** Generous: the VM's processor is emulated, and other suites may share the machine. */
const limitMs = 250_000

needs(...vmNeeds, 'davfs2')('mountbar on a file system of S3 Files', () => {
  const stack = new AsyncDisposableStack()
  let rig: Rig
  let temp: TempDir
  let command: SimCommand

  beforeAll(async () => {
    rig = stack.use(await startRig({ vm: await attachVm(inject('rigVmPort')) }))
    temp = stack.use(await makeTempDir('sim'))
    command = await prepareSimCommand(rig, temp.dir)
    // Whatever becomes of the test: no volume may stay behind.
    stack.defer(() => mountbar('unmount', 'Data', '--force').then(() => undefined))
  })

  afterAll(() => stack.disposeAsync())

  const mountbar = (...args: readonly string[]) =>
    execa(process.execPath, [command.cliPath, ...args], {
      env: { ...command.env, NO_COLOR: '1' },
      reject: false,
      timeout: limitMs,
    })
  const ownContainers = async () =>
    (await rig.vm.exec('docker ps --all --quiet --filter label=mountbar.drive'))
      .trim()
      .split('\n')
      .filter(Boolean)

  test('is mounted by its id, takes a file to the bucket, and leaves nothing when it is unmounted', async () => {
    const mountDir = join(temp.dir, 'Data')
    const mounted = await mountbar(...command.mountArgs('Data', mountDir))
    expect(mounted).toMatchObject({ exitCode: 0 })
    expect(mounted.stdout).toContain('Data is mounted at')
    const steps = mounted.stderr.split('\n')
    expect(steps).toEqual([...new Set(steps)])
    expect(steps.at(-1)).toBe('Mounting the volume …')
    expect(await ownContainers()).toHaveLength(2)

    const content = patterned(1_000_001)
    await writeFile(join(mountDir, 'first.bin'), content)
    const { bucket } = rig.s3Files.bucketSide
    const object = await waitFor(() => bucket.object('first.bin'), { what: 'the export', limitMs })
    expect(object.body.equals(content)).toBe(true)
    expect((await readFile(join(rig.exportDir, 'first.bin'))).equals(content)).toBe(true)

    const status = await mountbar('status')
    expect(status.stdout).toMatch(/Data .*mounted/)
    expect(await mountbar('unmount', 'Data')).toMatchObject({ exitCode: 0 })
    await waitFor(async () => (await ownContainers()).length === 0, { what: 'the containers to go', limitMs })
  })

  test('says what is wrong when AWS does not let it in', async () => {
    const { principals } = rig.s3Files.mountTarget.authority
    rig.s3Files.mountTarget.changeAuthority({ principals: [] })
    const refused = await mountbar('mount', 'Data')
    rig.s3Files.mountTarget.changeAuthority({ principals })
    expect(refused.exitCode).not.toBe(0)
    expect(refused.stderr).toContain('AWS does not let you in')
    expect(refused.stderr).toContain(rig.spec.fileSystemId)
    expect(await ownContainers()).toEqual([])
  })
})
