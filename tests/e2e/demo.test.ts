import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { isAlive, makeCommandHome, volumesBelow, type CommandHome } from '../harness/command-home.ts'
import { needs } from '../harness/needs.ts'
import { waitFor } from '../harness/wait-for.ts'

interface Report {
  readonly mounted: boolean
  readonly mountPoint: string | null
  readonly url: string
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly ms: number }[]
}

/** What `demo --once` must have tried between its first and last step. */
const treeCheckNames = [
  'list',
  'read',
  'read 50 MB',
  'make folder',
  'write',
  'overwrite',
  'rename',
  'emoji name',
  'delete',
  'remove folder',
]

let home: CommandHome

beforeEach(async () => {
  home = await makeCommandHome()
})

afterEach(async () => {
  expect(await home.cleanUp()).toEqual([])
})

needs('davfs2')('mountbar demo on a machine that can mount', () => {
  test('--once --json prints one report, of a volume that was really mounted, and leaves nothing behind', async () => {
    const { status, stdout } = await home.run('demo', '--once', '--json')
    expect(stdout.trimEnd().split('\n')).toHaveLength(1)
    const report = JSON.parse(stdout) as Report
    expect(report).toMatchObject({ mounted: true, mountPoint: join(home.dir, 'app/Volumes.noindex/Sandbox') })
    expect(report.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\/$/)
    expect(report.checks.map(({ name }) => name)).toEqual(['mount', ...treeCheckNames, 'unmount'])
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
    expect(status).toBe(0)
    expect(await volumesBelow(home.dir)).toEqual([])
  })

  test('--once says what it does, line by line, and ends with the report', async () => {
    const { stdout } = await home.run('demo', '--once')
    const lines = stdout.trimEnd().split('\n')
    expect(lines.slice(0, -1)).toEqual(expect.arrayContaining([expect.stringMatching(/^✓ rename /)]))
    expect((JSON.parse(lines.at(-1)!) as Report).mounted).toBe(true)
  })

  test('--dir fills a folder without touching what is in it', async () => {
    const dir = join(home.dir, 'mine')
    await home.run('demo', '--once', '--dir', dir)
    await writeFile(join(dir, 'README.txt'), 'My own words.\n')
    await writeFile(join(dir, 'mine.txt'), 'x')
    const before = await stat(join(dir, 'Large file (50 MB).bin'))

    expect(await home.run('demo', '--once', '--dir', dir)).toMatchObject({ status: 0 })
    expect(await readFile(join(dir, 'README.txt'), 'utf8')).toBe('My own words.\n')
    expect((await stat(join(dir, 'Large file (50 MB).bin'))).mtimeMs).toBe(before.mtimeMs)
    expect((await readdir(dir)).sort()).toEqual(
      ['Large file (50 MB).bin', 'Notes', 'Pictures', 'Projects', 'README.txt', 'mine.txt'].sort(),
    )
  })

  test('again and again it is the same drive at the same address', async () => {
    const first = JSON.parse((await home.run('demo', '--once', '--json')).stdout) as Report
    const second = JSON.parse((await home.run('demo', '--once', '--json')).stdout) as Report
    expect(second.url).toBe(first.url)
    expect((await home.run('drives')).stdout.trimEnd().split('\n')).toHaveLength(2)
  })

  test('shows the volume until Ctrl-C, then unmounts and says where the files are', async () => {
    const demo = home.start('demo')
    await waitFor(() => demo.output().includes('Press Ctrl-C'), { what: 'the volume' })
    const { mountPoint, pid } = await home.status('Sandbox')
    expect(await readFile(join(mountPoint, 'README.txt'), 'utf8')).toContain('This is the Sandbox')

    const other = await home.run('demo', '--once', '--json')
    expect(other).toMatchObject({ status: 4 })
    expect(JSON.parse(other.stdout)).toMatchObject({ error: { code: 'already-mounted' } })

    demo.child.kill('SIGINT')
    const { status, stdout } = await demo.finished
    expect(status).toBe(0)
    expect(stdout).toContain('Unmounted.')
    expect(stdout).toContain(`The files stay in ${join(home.dir, 'app/state/Sandbox')}`)
    expect(await volumesBelow(home.dir)).toEqual([])
    expect(await isAlive(pid!)).toBe(false)
  })

  test('ends by itself when the volume is unmounted by another command', async () => {
    const demo = home.start('demo')
    await waitFor(() => demo.output().includes('Press Ctrl-C'), { what: 'the volume' })
    expect(await home.run('unmount', 'Sandbox')).toMatchObject({ status: 0 })
    const { status, stdout } = await demo.finished
    expect(status).toBe(0)
    expect(stdout).toContain('unmounted elsewhere')
  })

  test('repairs the volume of a demo that was killed', async () => {
    const demo = home.start('demo')
    await waitFor(() => demo.output().includes('Press Ctrl-C'), { what: 'the volume' })
    demo.child.kill('SIGKILL')
    await demo.finished
    await waitFor(async () => (await home.status('Sandbox')).front === 'none', { what: 'the front to die' })
    expect(await home.run('demo', '--once', '--json')).toMatchObject({ status: 0 })
    expect(await volumesBelow(home.dir)).toEqual([])
  })
})

needs('root')('mountbar demo where nothing can be mounted', () => {
  test('--once goes through WebDAV, says so, and still checks everything', async () => {
    const { status, stdout } = await home.runWithoutMounter('demo', '--once')
    const report = JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Report
    expect(report).toMatchObject({ mounted: false, mountPoint: null })
    expect(report.checks.map(({ name }) => name)).toEqual(['serve', ...treeCheckNames, 'stop'])
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
    expect(stdout).toContain('served by WebDAV instead')
    expect(status).toBe(0)
  })

  test('mount and doctor say what is missing', async () => {
    const mounted = await home.runWithoutMounter('mount', home.dir)
    expect(mounted).toMatchObject({ status: 5 })
    expect(mounted.stderr).toContain('davfs2')
    const { status, stdout } = await home.runWithoutMounter('doctor')
    expect(status).toBe(1)
    expect(stdout).toContain('→ Install davfs2: apt-get install davfs2')
  })
})
