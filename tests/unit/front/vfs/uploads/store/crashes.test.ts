import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { UploadStore } from '../../../../../../src-main/front/vfs/uploads/upload-store.ts'
import { makeTempDir, type TempDir } from '../../../../../harness/temp-dir.ts'
import { contentsOf, put, reopen } from './stores.ts'

const program = fileURLToPath(new URL('../../../../../fixtures/crashing-uploads.ts', import.meta.url))

interface Seen {
  readonly contents: Readonly<Record<string, string>>
  readonly intents: number
  readonly delivered: number
}

/** What the store holds after each thing that the program does. */
const history: readonly Seen[] = [
  { contents: {}, intents: 0, delivered: 0 },
  { contents: { '/a': 'first a' }, intents: 0, delivered: 0 },
  { contents: { '/a': 'first a', '/b': 'content of b' }, intents: 0, delivered: 0 },
  { contents: { '/a': 'second a', '/b': 'content of b' }, intents: 0, delivered: 0 },
  { contents: { '/a': 'second a', '/b': 'content of b' }, intents: 1, delivered: 0 },
  { contents: { '/a': 'second a', '/c': 'content of b' }, intents: 0, delivered: 0 },
  { contents: { '/c': 'content of b' }, intents: 0, delivered: 1 },
  { contents: { '/c': 'content of b', '/d': 'content of d' }, intents: 0, delivered: 1 },
]
/** Three per save, one each for intent, move and delivery, one for each of the two bodies that go. */
const stepCount = 4 * 3 + 3 + 2

let temp: TempDir
beforeEach(async () => {
  temp = await makeTempDir('uploads')
})
afterEach(() => temp[Symbol.asyncDispose]())

function run(fatalStep: number): {
  readonly done: number
  readonly lastLine: string
  readonly signal: string | null
} {
  const { stdout, signal, stderr } = spawnSync(process.execPath, [program, temp.dir, String(fatalStep)], {
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  const lines = stdout.trim().split('\n')
  return { done: lines.filter((line) => line === 'done').length, lastLine: lines.at(-1) ?? '', signal }
}

async function seen(store: UploadStore): Promise<Seen> {
  return {
    contents: Object.fromEntries(await contentsOf(store)),
    intents: store.intents().length,
    delivered: store.delivered().length,
  }
}

describe('a store whose process is killed', { timeout: 30_000 }, () => {
  it('passes all the steps that are looked at here, when it is not', () => {
    expect(run(0)).toEqual({ done: history.length - 1, lastLine: `${stepCount} steps`, signal: null })
  })

  it.each(Array.from({ length: stepCount }, (_, index) => index + 1))(
    'at step %d holds what was answered for, and of what was not all or nothing',
    async (fatalStep) => {
      const { done, signal } = run(fatalStep)
      expect(signal).toBe('SIGKILL')
      const { store, recoveries } = reopen(temp.dir)
      expect(history.slice(done, done + 2)).toContainEqual(await seen(store))
      expect(recoveries).toEqual([])
      const records = store.load()
      expect(records.map(({ attention }) => attention)).toEqual(records.map(() => undefined))
      expect(new Set(readdirSync(join(temp.dir, 'spool')))).toEqual(
        new Set(records.map(({ id }) => String(id))),
      )
      const { id } = await put(store, '/next', 'next')
      expect(id).toBeGreaterThan(Math.max(0, ...records.map((record) => record.id)))
      await store[Symbol.asyncDispose]()
    },
  )
})
