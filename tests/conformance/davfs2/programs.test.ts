import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { mountDavfs2, type Davfs2Mount } from '../../harness/davfs2.ts'
import { makeFileTree, readTree } from '../../harness/file-tree.ts'
import { startTestFront, type TestFront } from '../../harness/front.ts'
import { needs, programOf } from '../../harness/needs.ts'
import { runProgram } from '../../harness/run-program.ts'
import { makeTempDir, type TempDir } from '../../harness/temp-dir.ts'
import { waitFor } from '../../harness/wait-for.ts'

// Thousands of files, one after the other: half a minute on two slow cores that have nothing else to do.
vi.setConfig({ testTimeout: 300_000 })
const patient = { limitMs: 250_000 }

needs(
  'davfs2',
  'rsync',
  'git',
)('real programs on a mounted volume', () => {
  let front: TestFront
  let volume: Davfs2Mount
  let temp: TempDir
  beforeAll(async () => {
    front = await startTestFront()
    volume = await mountDavfs2(front.url)
    temp = await makeTempDir('programs')
  })
  afterAll(async () => {
    await volume[Symbol.asyncDispose]()
    await front.stop()
    await temp[Symbol.asyncDispose]()
  })

  const onVolume = (path: string) => join(volume.mountDir, path)
  const onServer = (path: string) => join(front.rootDir, path)
  const local = (path: string) => join(temp.dir, path)

  /** davfs2 uploads at close and in the background: unmounting is the only way to know that all of it is done. */
  async function remount(): Promise<void> {
    await volume[Symbol.asyncDispose]()
    volume = await mountDavfs2(front.url)
  }

  test('cp copies 3,000 small files in and diff finds every byte, on the server and on the volume', async () => {
    await makeFileTree(local('many'), { files: 3_000, seed: 1 })
    await runProgram('cp', ['-r', local('many'), onVolume('many')], patient)
    await remount()
    await runProgram('diff', ['-r', local('many'), onServer('many')], patient)
    await runProgram('diff', ['-r', local('many'), onVolume('many')], patient)
  })

  test('rm removes a folder of them again and nothing else', async () => {
    await runProgram('rm', ['-r', onVolume('many/group-0')])
    await runProgram('rm', ['-r', local('many/group-0')])
    expect(await readTree(onServer('many'))).toEqual(await readTree(local('many')))
  })

  test('tar unpacks on the volume', async () => {
    await makeFileTree(local('tarred'), { files: 200, seed: 2 })
    await runProgram('tar', ['-cf', local('in.tar'), '-C', local('tarred'), '.'])
    await mkdir(onVolume('tarred'))
    const options = ['--no-same-owner', '--no-same-permissions']
    await runProgram('tar', ['-xf', local('in.tar'), '-C', onVolume('tarred'), ...options])
    await remount()
    expect(await readTree(onServer('tarred'))).toEqual(await readTree(local('tarred')))
  })

  test('tar packs what lies on the volume', async () => {
    await makeFileTree(onServer('to-pack'), { files: 200, seed: 5 })
    // davfs2 takes a folder's times from its parent's listing first and from its own once that was read; tar minds the change.
    await waitFor(async () => (await readTree(onVolume('to-pack')).catch(() => undefined)) !== undefined, {
      what: 'the volume to show the folder',
    })
    await runProgram('tar', ['-cf', local('out.tar'), '-C', onVolume('to-pack'), '.'])
    await mkdir(local('packed'))
    await runProgram('tar', ['-xf', local('out.tar'), '-C', local('packed')])
    expect(await readTree(local('packed'))).toEqual(await readTree(onServer('to-pack')))
  })

  test('rsync copies, has nothing to do the second time, and takes over a change and a deletion', async () => {
    const rsync = async () => {
      const options = ['-r', '--checksum', '--delete', '--itemize-changes', '--no-perms', '--inplace']
      const { stdout } = await runProgram(programOf('rsync'), [
        ...options,
        `${local('synced')}/`,
        onVolume('synced'),
      ])
      return stdout.split('\n').filter((line) => /^[<>*c]/.test(line))
    }
    await makeFileTree(local('synced'), { files: 150, seed: 3 })
    expect((await rsync()).length).toBeGreaterThan(150)
    await remount()
    expect(await rsync()).toEqual([])
    await writeFile(local('synced/group-0/folder-0/file-3.txt'), 'changed')
    await rm(local('synced/group-0/folder-0/file-4.txt'))
    expect(await rsync()).toHaveLength(2)
    await remount()
    expect(await readTree(onServer('synced'))).toEqual(await readTree(local('synced')))
  })

  test('rsync with its own temporary files renames them into place', async () => {
    const options = ['-a', '--no-perms', '--no-owner', '--no-group', '--modify-window=86400']
    const rsync = () =>
      runProgram(programOf('rsync'), [...options, `${local('synced')}/`, onVolume('renamed')])
    await rsync()
    await remount()
    expect(await readTree(onServer('renamed'))).toEqual(await readTree(local('synced')))
    const { stdout } = await runProgram(programOf('rsync'), [
      ...options,
      '--itemize-changes',
      '--dry-run',
      `${local('synced')}/`,
      onVolume('renamed'),
    ])
    expect(stdout.split('\n').filter((line) => line.startsWith('>f'))).toEqual([])
  })

  test('git clones to the volume, checks out, commits and finds its repository sound', async () => {
    const identity = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', HOME: temp.dir }
    const git = (cwd: string, ...args: string[]) => {
      const settings = ['user.name=A Tester', 'user.email=tester@example.invalid', 'init.defaultBranch=main']
      const options = ['safe.directory=*', ...settings].flatMap((setting) => ['-c', setting])
      return runProgram(programOf('git'), [...options, ...args], { cwd, env: identity })
    }
    await makeFileTree(local('origin'), { files: 100, seed: 4 })
    await git(local('origin'), 'init', '--quiet')
    await git(local('origin'), 'add', '.')
    await git(local('origin'), 'commit', '--quiet', '--message', 'first')

    await git(volume.mountDir, 'clone', '--quiet', '--no-hardlinks', local('origin'), 'clone')
    await writeFile(onVolume('clone/new.txt'), 'new')
    await git(onVolume('clone'), 'add', '.')
    await git(onVolume('clone'), 'commit', '--quiet', '--message', 'second')
    await git(onVolume('clone'), 'fsck', '--strict')
    await remount()
    // The repository as it lies on the server, read without the volume.
    expect((await git(onServer('clone'), 'fsck', '--strict')).stderr).not.toMatch(/error|missing|dangling/)
    expect((await git(onServer('clone'), 'log', '--format=%s')).stdout).toBe('second\nfirst\n')
    expect((await git(onVolume('clone'), 'status', '--porcelain')).stdout).toBe('')
  })
})
