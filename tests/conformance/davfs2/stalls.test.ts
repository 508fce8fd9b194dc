import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { expect, test, vi } from 'vitest'

import { davfsConfig } from '../../../src-main/services/volumes/davfs-config.ts'
import { seededRandom } from '../../fakes/seeded-random.ts'
import { mountDavfs2, type Davfs2Mount } from '../../harness/davfs2.ts'
import { startFaultFront, type FaultFront } from '../../harness/fault-front.ts'
import { needs } from '../../harness/needs.ts'
import { runProgram } from '../../harness/run-program.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'
import { waitFor } from '../../harness/wait-for.ts'

const stallMs = 30_000
// Beside the half minute, 256 MB go through volumes one block at a time.
vi.setConfig({ testTimeout: 300_000 })
const largeBytes = 64 * 1024 * 1024
const names = Array.from({ length: 300 }, (_, index) => `file ${index}.txt`).sort()

/** davfs2 does one thing at a time, so whatever goes on at once has a volume of its own. All wait as long as ours do. */
const asOurVolumesDo = davfsConfig.split('\n').filter((line) => /timeout|retry/.test(line))

needs('davfs2')('a backend that stands still for half a minute', () => {
  test('in a copy in, a copy out, a listing and a save is seen by none of the programs', async () => {
    // Without a content cache the copy out is one read of the backend, which stands still half way through.
    await using front = await startFaultFront({ config: { contentCacheBytes: 0 } })
    await using temp = await makeTempDir('stall')
    const localPath = join(temp.dir, 'large.bin')
    await writeFile(localPath, noise(1))
    await writeFile(join(front.rootDir, 'large out.bin'), noise(2))
    await writeFile(join(front.rootDir, 'document.txt'), 'the first version')
    await mkdir(join(front.rootDir, 'folder'))
    for (const name of names) await writeFile(join(front.rootDir, 'folder', name), name)

    await using volumes = new AsyncDisposableStack()
    const volume = async (): Promise<Davfs2Mount> => volumes.use(await mountDavfs2(front.url, asOurVolumesDo))
    const [copiesIn, copiesOut, lists, saves] = [
      await volume(),
      await volume(),
      await volume(),
      await volume(),
    ]
    const savedPath = join(saves.mountDir, 'document.txt')
    expect(await readFile(savedPath, 'utf8')).toBe('the first version')

    const middle = await front.inject({ effect: { kind: 'body-stall', afterBytes: largeBytes / 2 } })
    const copyingIn = runProgram('cp', [localPath, join(copiesIn.mountDir, 'large in.bin')])
    const copyingOut = runProgram('cp', [
      join(copiesOut.mountDir, 'large out.bin'),
      join(temp.dir, 'out.bin'),
    ])
    await waitFor(async () => (await front.look()).heldUp === 2, {
      what: 'both copies to stand still',
      limitMs: 60_000,
    })
    const stall = await front.inject({ effect: { kind: 'stall' } })
    const listing = runProgram('ls', ['-1', join(lists.mountDir, 'folder')])
    const saving = writeFile(`${savedPath}~`, 'the second version').then(() =>
      rename(`${savedPath}~`, savedPath),
    )
    await waitFor(async () => (await front.look()).heldUp >= 3, { what: 'the others to stand still' })
    await sleep(stallMs)
    await Promise.all([middle.lift(), stall.lift()])

    await Promise.all([copyingIn, copyingOut, saving])
    expect((await listing).stdout.trimEnd().split('\n').sort()).toEqual(names)
    await Promise.all([copiesIn.unmount(), saves.unmount()])
    await delivered(front)
    expect((await readFile(join(temp.dir, 'out.bin'))).equals(noise(2))).toBe(true)
    expect((await readFile(join(front.rootDir, 'large in.bin'))).equals(noise(1))).toBe(true)
    expect(await readFile(join(front.rootDir, 'document.txt'), 'utf8')).toBe('the second version')
  })
})

async function delivered(front: FaultFront): Promise<void> {
  await waitFor(async () => (await front.status()).uploads.pending === 0, {
    what: 'all uploads to be delivered',
    limitMs: 60_000,
  })
}

function noise(seed: number): Buffer {
  const random = seededRandom(seed)
  const words = Uint32Array.from({ length: largeBytes / 4 }, () => random() * 2 ** 32)
  return Buffer.from(words.buffer)
}
