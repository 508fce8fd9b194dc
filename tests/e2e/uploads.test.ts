import { access, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'

import { isAlive, makeCommandHome, volumesBelow, type CommandHome } from '../harness/command-home.ts'
import { makeGatedCommand, type GatedCommand } from '../harness/gated-command.ts'
import { needs } from '../harness/needs.ts'
import { runProgram } from '../harness/run-program.ts'
import { waitFor } from '../harness/wait-for.ts'

const uploadsSchema = z.object({
  drives: z.array(
    z.object({
      running: z.boolean(),
      uploads: z.array(
        z.object({ id: z.number(), path: z.string(), size: z.number(), state: z.string().optional() }),
      ),
    }),
  ),
})
type ListedUpload = z.output<typeof uploadsSchema>['drives'][number]['uploads'][number]

needs('davfs2')('what was saved to a volume and has not been delivered', () => {
  let gate: GatedCommand
  let home: CommandHome
  let photosDir: string
  let mountPoint: string

  beforeEach(async () => {
    home = await makeCommandHome(async (dir) => {
      gate = await makeGatedCommand(dir)
      return gate.cliPath
    })
    photosDir = join(home.dir, 'Photos')
    mountPoint = join(home.dir, 'volume')
    await mkdir(photosDir)
    await mountPhotos()
  })

  afterEach(async () => {
    await gate.open()
    expect(await home.cleanUp()).toEqual([])
  })

  const mountPhotos = async (): Promise<void> => {
    const { status, stderr } = await home.run('mount', photosDir, '--at', mountPoint)
    expect({ status, stderr }).toMatchObject({ status: 0 })
  }
  const uploads = async (): Promise<readonly ListedUpload[]> => {
    const { stdout } = await home.run('uploads', '--json')
    return uploadsSchema.parse(JSON.parse(stdout)).drives[0]!.uploads
  }
  /** Saves a file while nothing can be delivered. */
  const saveWhileClosed = async (name = 'new.txt', content = 'saved'): Promise<void> => {
    await gate.close()
    await writeFile(join(mountPoint, name), content)
    const isAccepted = async () => (await uploads()).some(({ path, size }) => path === `/${name}` && size > 0)
    await waitFor(isAccepted, { what: 'the front to have accepted it' })
  }
  const delivered = async (name = 'new.txt'): Promise<string> => {
    const path = join(photosDir, name)
    await waitFor(async () => (await readFile(path, 'utf8').catch(() => '')) !== '', {
      what: `${name} to arrive`,
    })
    return await readFile(path, 'utf8')
  }
  const isInFolder = async (name = 'new.txt'): Promise<boolean> =>
    await access(join(photosDir, name)).then(
      () => true,
      () => false,
    )
  const stateBecomes = async (kind: string): Promise<void> => {
    const isSo = async () => (await home.status('Photos')).state.kind === kind
    await waitFor(isSo, { what: `the drive to be ${kind}` })
  }
  const everythingEnds = async (): Promise<void> => {
    const noneIsLeft = async () => (await home.keepers()).length === 0
    await waitFor(noneIsLeft, { what: 'the keeper to end' })
    await stateBecomes('unmounted')
  }

  test('is waited for by unmount, which says so, after the volume is gone', async () => {
    await saveWhileClosed()
    const unmounting = home.start('unmount', 'Photos')
    await waitFor(() => unmounting.output().includes('Delivering 1 saved file (5 B) of Photos'), {
      what: 'unmount to tell what it waits for',
    })
    expect(await volumesBelow(home.dir)).toEqual([])
    expect(await isInFolder()).toBe(false)
    await gate.open()
    expect(await unmounting.finished).toMatchObject({ status: 0, stdout: 'Photos is unmounted.\n' })
    expect(await readFile(join(photosDir, 'new.txt'), 'utf8')).toBe('saved')
    await everythingEnds()
  })

  test('is delivered in the background when unmount is interrupted', async () => {
    await saveWhileClosed()
    const unmounting = home.start('unmount', 'Photos')
    await waitFor(() => unmounting.output().includes('Delivering'), { what: 'unmount to wait' })
    unmounting.child.kill('SIGINT')
    const { status, stdout } = await unmounting.finished
    expect(status).toBe(130)
    expect(stdout).toContain('in the background')
    expect((await home.status('Photos')).state.kind).toBe('delivering')
    await gate.open()
    expect(await delivered()).toBe('saved')
    await everythingEnds()
  })

  test('is kept by unmount --no-wait, listed, and delivered after the next mount', async () => {
    await saveWhileClosed()
    const { status, stdout } = await home.run('unmount', 'Photos', '--no-wait')
    expect(status).toBe(0)
    expect(stdout).toMatch(/1 saved file \(5 B\) of Photos is kept in .*fronts/)
    await everythingEnds()
    expect(await uploads()).toMatchObject([{ path: '/new.txt', size: 5 }])
    expect((await home.run('forget', 'Photos')).status).toBe(4)
    await gate.open()
    expect(await isInFolder()).toBe(false)
    await mountPhotos()
    expect(await delivered()).toBe('saved')
    expect(await home.run('unmount', 'Photos')).toMatchObject({ status: 0 })
  })

  test('is delivered after the volume was ejected, and then the keeper ends', async () => {
    await saveWhileClosed()
    await runProgram('umount', [mountPoint])
    await stateBecomes('delivering')
    await gate.open()
    expect(await delivered()).toBe('saved')
    await everythingEnds()
  })

  test('is taken over by a mount that comes while it is being delivered', async () => {
    await saveWhileClosed()
    await runProgram('umount', [mountPoint])
    await stateBecomes('delivering')
    const { url } = await home.status('Photos')
    await mountPhotos()
    expect((await home.status('Photos')).url).toBe(url)
    expect(await readFile(join(mountPoint, 'new.txt'), 'utf8')).toBe('saved')
    expect(await isInFolder()).toBe(false)
    await gate.open()
    expect(await delivered()).toBe('saved')
    await waitFor(async () => (await home.keepers()).length === 1, { what: 'the first keeper to end' })
    expect(await home.run('unmount', 'Photos')).toMatchObject({ status: 0 })
  })

  test('outlives its keeper', async () => {
    await saveWhileClosed()
    const front = (await home.status('Photos')).pid!
    await runProgram('umount', [mountPoint])
    await stateBecomes('delivering')
    for (const keeper of await home.keepers()) process.kill(keeper, 'SIGKILL')
    await waitFor(async () => !(await isAlive(front)), { what: 'the front to end' })
    expect(await uploads()).toMatchObject([{ path: '/new.txt', size: 5 }])
    await gate.open()
    await mountPhotos()
    expect(await delivered()).toBe('saved')
    expect(await home.run('unmount', 'Photos')).toMatchObject({ status: 0 })
  })

  test('and needs attention can be read, exported, given up, and tried again', async () => {
    await gate.refuse()
    await writeFile(join(mountPoint, 'mine.txt'), 'mine')
    await writeFile(join(mountPoint, 'junk.txt'), 'junk')
    const idOf = async (path: string): Promise<string> =>
      String((await uploads()).find((upload) => upload.path === path)!.id)
    const allNeedAttention = async () => {
      const all = await uploads()
      return all.length === 2 && all.every(({ state }) => state === 'attention')
    }
    await waitFor(allNeedAttention, { what: 'both to need attention' })
    expect(await readFile(join(mountPoint, 'mine.txt'), 'utf8')).toBe('mine')
    expect((await home.run('uploads')).stdout).toContain('needs attention: Not permitted')
    expect((await home.run('status')).stdout).toContain('2 saved files of “Photos” cannot be delivered')

    const exportPath = join(home.dir, 'exported.txt')
    expect(await home.run('uploads', 'export', await idOf('/mine.txt'), exportPath)).toMatchObject({
      status: 0,
    })
    expect(await readFile(exportPath, 'utf8')).toBe('mine')
    expect(await home.run('uploads', 'discard', await idOf('/junk.txt'), '--yes')).toMatchObject({
      status: 0,
    })

    await gate.permit()
    expect(await home.run('uploads', 'retry', await idOf('/mine.txt'))).toMatchObject({ status: 0 })
    expect(await delivered('mine.txt')).toBe('mine')
    await waitFor(async () => (await uploads()).length === 0, { what: 'no upload to be left' })
    expect(await isInFolder('junk.txt')).toBe(false)
    expect(await home.run('unmount', 'Photos')).toMatchObject({ status: 0 })
  })
})
