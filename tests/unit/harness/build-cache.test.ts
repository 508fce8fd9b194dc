import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { builtOnce } from '../../harness/build-cache.ts'
import { makeTempDir, type TempDir } from '../../harness/temp-dir.ts'

let temp: TempDir
beforeEach(async () => {
  temp = await makeTempDir('build-cache')
})
afterEach(() => temp[Symbol.asyncDispose]())

/** Asks for a build whose result says which one it was; gives what the folder then holds. */
async function ask(key: string, result: string): Promise<string> {
  const dir = await builtOnce({ name: 'thing', key, cacheDir: temp.dir }, (partDir) =>
    writeFile(join(partDir, 'result'), result),
  )
  return readFile(join(dir, 'result'), 'utf8')
}

test('what is built is there for whoever asks later', async () => {
  expect(await ask('a', 'first')).toBe('first')
  expect(await ask('a', 'second')).toBe('first')
})

test('another key is another build', async () => {
  await ask('a', 'first')
  expect(await ask('b', 'second')).toBe('second')
})

test('those who ask at the same time get one build', async () => {
  const results = await Promise.all(['1', '2', '3'].map((result) => ask('a', result)))
  expect(new Set(results).size).toBe(1)
})

test('a build that fails is not kept', async () => {
  const failing = builtOnce({ name: 'thing', key: 'a', cacheDir: temp.dir }, () =>
    Promise.reject(new Error('no mirror')),
  )
  await expect(failing).rejects.toThrow('no mirror')
  expect(await ask('a', 'second try')).toBe('second try')
})

test('a build cut off by a crash is begun anew', async () => {
  await mkdir(join(temp.dir, 'thing-a.part'))
  await writeFile(join(temp.dir, 'thing-a.part/half'), '')
  expect(await ask('a', 'whole')).toBe('whole')
  expect(await readdir(join(temp.dir, 'thing-a'))).toEqual(['result'])
})

test('builds that nobody asked for in a day are removed, others of the same day stay', async () => {
  await ask('old', '')
  await ask('fresh', '')
  const longAgo = new Date(Date.now() - 25 * 60 * 60_000)
  await utimes(join(temp.dir, 'thing-old'), longAgo, longAgo)
  await ask('new', '')
  expect((await readdir(temp.dir)).sort()).toEqual(['thing-fresh', 'thing-new', 'thing.lock'])
})
