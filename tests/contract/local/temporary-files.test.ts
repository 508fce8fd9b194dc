import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdir, readdir, utimes, writeFile } from 'node:fs/promises'

import { describe, expect, it } from 'vitest'

import { removeLeftovers } from '../../../src-main/front/backends/local/leftovers.ts'
import { newTemporaryName } from '../../../src-main/front/backends/local/temporary-name.ts'
import type { Chunks } from '../../../src-main/front/vfs/backend.ts'
import { waitFor } from '../../harness/wait-for.ts'
import { at, bodyOf, codeOf, patterned } from '../backend/subject.ts'
import { useLocalDrive } from './local-subject.ts'

const dawnOfTime = new Date(0)

/** A process id that was given out and is free again. */
async function idOfDeadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await once(child, 'exit')
  return child.pid!
}

function nameBy(pid: number): string {
  return newTemporaryName().replace(`-${process.pid}-`, `-${pid}-`)
}

describe('the temporary file of a write', () => {
  const drive = useLocalDrive()

  it('lies beside its target, and is shown by no call and taken by none', async () => {
    await drive().makeDirectory('/directory')
    const seen: unknown[] = []
    async function* body(): Chunks {
      yield patterned(3_000_000)
      const name = (await drive().namesOnDisk()).find((path) => path.endsWith('.part')) ?? ''
      expect(name).toMatch(/^directory\/\.mountbar-/)
      const path = `/${name}`
      seen.push(
        await drive().names('/directory'),
        await codeOf(drive().stat(path)),
        await codeOf(drive().get(path)),
        await codeOf(drive().remove(path)),
        await codeOf(drive().move(path, '/taken')),
        await codeOf(drive().put(path, 'over it')),
        await codeOf(drive().makeDirectory(path)),
      )
    }
    await drive().backend.write(at('/directory/file'), body(), drive().call)
    expect(seen).toEqual([
      [],
      'not-found',
      'not-found',
      'not-found',
      'not-found',
      'name-invalid',
      'name-invalid',
    ])
    expect(await drive().namesOnDisk()).toEqual(['directory', 'directory/file'])
  })

  it('is gone when the rename is refused because a directory has taken the name meanwhile', async () => {
    async function* body(): Chunks {
      yield Buffer.from('content')
      await mkdir(drive().real('name'))
    }
    expect(await codeOf(drive().backend.write(at('/name'), body(), drive().call))).toBe('is-a-directory')
    expect(await drive().namesOnDisk()).toEqual(['name'])
  })

  it('is gone when its directory is removed under it', async () => {
    await drive().makeDirectory('/directory')
    async function* body(): Chunks {
      yield patterned(3_000_000)
      await drive().remove('/directory')
    }
    expect(await codeOf(drive().backend.write(at('/directory/file'), body(), drive().call))).toBe(
      'parent-missing',
    )
    expect(await drive().namesOnDisk()).toEqual([])
  })

  it('leaves nothing on the disk after many writers of one path, some of them broken off', async () => {
    const abort = new AbortController()
    await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        drive().backend.write(
          at('/file'),
          bodyOf(patterned(400_000), patterned(900_000), 'end'),
          index % 2 === 0 ? drive().call : abort,
        ),
      ).concat(
        Promise.resolve().then(() => {
          abort.abort()
          return drive().put('/other')
        }),
      ),
    )
    expect(await drive().namesOnDisk()).toEqual(['file', 'other'])
  })
})

describe('temporary files of a crashed process', () => {
  const drive = useLocalDrive()

  it('are removed from a directory that is listed', async () => {
    await drive().makeDirectory('/deep')
    const path = drive().real(`/deep/${newTemporaryName()}`)
    await writeFile(path, 'half')
    await utimes(path, dawnOfTime, dawnOfTime)
    await drive().put('/deep/file', 'stays')
    expect(await drive().names('/deep')).toEqual(['file'])
    const isGone = (): Promise<boolean> =>
      access(path).then(
        () => false,
        () => true,
      )
    await waitFor(isGone, { what: 'the temporary file to be removed' })
    expect(await drive().namesOnDisk()).toEqual(['deep', 'deep/file'])
  })

  it('are told from what must stay', async () => {
    const deadPid = await idOfDeadProcess()
    const staying = {
      'of a live process': nameBy(process.ppid),
      'written since': nameBy(deadPid),
      'a name of somebody else': '.mountbar-notes.part',
      'a name that only begins like ours': `${nameBy(deadPid)}.txt`,
    }
    const leaving = [nameBy(deadPid), newTemporaryName()]
    for (const name of [...Object.values(staying), ...leaving]) {
      await writeFile(drive().real(name), 'half')
      if (name !== staying['written since']) await utimes(drive().real(name), dawnOfTime, dawnOfTime)
    }
    const names = await readdir(drive().rootDir)
    expect(await removeLeftovers(drive().rootDir, names, performance.timeOrigin - 60_000)).toBe(
      leaving.length,
    )
    expect(await drive().namesOnDisk()).toEqual(Object.values(staying).sort())
  })
})
