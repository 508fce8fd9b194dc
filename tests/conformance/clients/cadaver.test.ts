import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { startTestFront, type TestFront } from '../../harness/front.ts'
import { needs, programOf } from '../../harness/needs.ts'
import { runProgram } from '../../harness/run-program.ts'
import { makeTempDir, type TempDir } from '../../harness/temp-dir.ts'

needs('cadaver')('cadaver', () => {
  let front: TestFront
  let temp: TempDir
  beforeAll(async () => {
    front = await startTestFront()
    temp = await makeTempDir('cadaver')
  })
  afterAll(async () => {
    await front.stop()
    await temp[Symbol.asyncDispose]()
  })

  /** Runs the commands in one session; cadaver itself always ends with 0, so what it says is the result. */
  async function cadaver(...commands: string[]): Promise<string> {
    const input = [...commands, 'quit', ''].join('\n')
    // A home of its own: neither a user's .netrc nor lock store takes part.
    const options = { cwd: temp.dir, input, env: { HOME: temp.dir, TERM: 'dumb' } }
    const { stdout } = await runProgram(programOf('cadaver'), [front.url], options)
    return stdout
  }

  test('puts, gets, copies, moves and deletes', async () => {
    await writeFile(join(temp.dir, 'local.txt'), 'by cadaver\n')
    const said = await cadaver(
      'mkcol folder',
      'put local.txt folder/one.txt',
      'copy folder/one.txt folder/two.txt',
      'move folder/one.txt three.txt',
      'get three.txt fetched.txt',
      'copy folder other',
      'delete folder/two.txt',
      'rmcol folder',
    )
    expect(said).not.toMatch(/failed/i)
    expect((await readdir(front.rootDir)).sort()).toEqual(['other', 'three.txt'])
    expect(await readFile(join(front.rootDir, 'other/two.txt'), 'utf8')).toBe('by cadaver\n')
    expect(await readFile(join(temp.dir, 'fetched.txt'), 'utf8')).toBe('by cadaver\n')
  })

  test('lists names, sizes and kinds', async () => {
    const said = await cadaver('ls')
    expect(said).toMatch(/Coll: +other/)
    expect(said).toMatch(/three\.txt +11/)
  })

  test('locks, is the only one to write, and unlocks', async () => {
    await writeFile(join(temp.dir, 'mine.txt'), 'mine\n')
    const said = await cadaver('lock three.txt', 'discover three.txt', 'put mine.txt three.txt')
    expect(said).toMatch(/Locking `three\.txt': succeeded/)
    expect(said).toMatch(/Scope: exclusive +Type: write/)
    expect(said).not.toMatch(/failed/i)
    expect(await readFile(join(front.rootDir, 'three.txt'), 'utf8')).toBe('mine\n')
    expect(await cadaver('put local.txt three.txt')).toMatch(/423 Locked/)
    expect(await readFile(join(front.rootDir, 'three.txt'), 'utf8')).toBe('mine\n')
  })

  test('sets a property and reads it back', async () => {
    const said = await cadaver('propset other colour blue', 'propget other colour', 'propnames other')
    expect(said).toMatch(/Value of colour is: blue/)
    expect(said).not.toMatch(/failed/i)
  })
})
