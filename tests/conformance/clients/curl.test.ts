import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { startTestFront, type TestFront } from '../../harness/front.ts'
import { needs, programOf } from '../../harness/needs.ts'
import { runProgram } from '../../harness/run-program.ts'
import { makeTempDir, type TempDir } from '../../harness/temp-dir.ts'

needs('curl')('curl', () => {
  let front: TestFront
  let temp: TempDir
  beforeAll(async () => {
    front = await startTestFront()
    temp = await makeTempDir('curl')
  })
  afterAll(async () => {
    await front.stop()
    await temp[Symbol.asyncDispose]()
  })

  /** curl's standard output; fails on any status of 400 and more. */
  const curl = async (...args: string[]) =>
    (await runProgram(programOf('curl'), ['--silent', '--show-error', '--fail', ...args], { cwd: temp.dir }))
      .stdout
  const statusOf = (...args: string[]) =>
    curl('--output', '/dev/null', '--write-out', '%{http_code}', ...args)

  test('uploads with a length, from a pipe in chunks, and after 100 Continue', async () => {
    const content = 'x'.repeat(2_000_000)
    await writeFile(join(temp.dir, 'upload'), content)
    expect(await statusOf('--upload-file', 'upload', `${front.url}length`)).toBe('201')
    expect(
      await statusOf(
        '--header',
        'Transfer-Encoding: chunked',
        '--upload-file',
        'upload',
        `${front.url}chunks`,
      ),
    ).toBe('201')
    expect(
      await statusOf('--header', 'Expect: 100-continue', '--upload-file', 'upload', `${front.url}length`),
    ).toBe('204')
    expect(await readFile(join(front.rootDir, 'length'), 'utf8')).toBe(content)
    expect(await readFile(join(front.rootDir, 'chunks'), 'utf8')).toBe(content)
  })

  test('continues a download where it was cut off', async () => {
    const content = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 256))
    await writeFile(join(front.rootDir, 'download'), content)
    await writeFile(join(temp.dir, 'partly'), content.subarray(0, 30_000))
    await curl('--continue-at', '-', '--output', 'partly', `${front.url}download`)
    expect(await readFile(join(temp.dir, 'partly'))).toEqual(content)
  })

  test('downloads only what is newer than its own copy', async () => {
    await curl('--upload-file', 'upload', `${front.url}newer`)
    await curl('--remote-time', '--output', 'copy', `${front.url}newer`)
    const again = [
      '--time-cond',
      'copy',
      '--output',
      'copy',
      '--write-out',
      '%{http_code}',
      `${front.url}newer`,
    ]
    expect(await curl(...again)).toBe('304')
  })

  test('keeps one connection for many requests', async () => {
    const urls = Array.from({ length: 20 }, () => ['--output', '/dev/null', `${front.url}newer`]).flat()
    const connects = await curl('--write-out', '%{num_connects} ', ...urls)
    expect(connects.trim().split(' ')).toEqual(['1', ...Array.from({ length: 19 }, () => '0')])
  })

  test('lists, makes folders, renames and deletes', async () => {
    expect(await statusOf('--request', 'MKCOL', `${front.url}folder`)).toBe('201')
    const destination = `Destination: ${front.url}renamed`
    expect(await statusOf('--request', 'MOVE', '--header', destination, `${front.url}folder`)).toBe('201')
    const listing = await curl('--request', 'PROPFIND', '--header', 'Depth: 1', front.url)
    expect(listing).toContain(`${front.basePath}renamed/`)
    expect(listing).not.toContain(`${front.basePath}folder/`)
    expect(await statusOf('--request', 'DELETE', `${front.url}renamed`)).toBe('204')
  })
})
