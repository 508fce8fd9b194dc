import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { writeFileAtomic } from '../../../src-main/lib/atomic-file.ts'
import { systemClock } from '../../../src-main/lib/clock.ts'
import { acquireFileLock } from '../../../src-main/lib/file-lock.ts'
import { makeTempDir, type TempDir } from '../../harness/temp-dir.ts'

let temp: TempDir
beforeEach(async () => {
  temp = await makeTempDir('files')
})
afterEach(() => temp[Symbol.asyncDispose]())

describe('an atomic file', () => {
  test('is replaced whole, for its user alone, and leaves nothing beside it', async () => {
    const filePath = join(temp.dir, 'a.json')
    await writeFile(filePath, 'an old and longer text', { mode: 0o644 })
    await writeFileAtomic(filePath, 'new')
    expect(await readFile(filePath, 'utf8')).toBe('new')
    expect((await stat(filePath)).mode & 0o777).toBe(0o600)
    expect(await readdir(temp.dir)).toEqual(['a.json'])
  })

  test('that cannot be replaced leaves no temporary file', async () => {
    const filePath = join(temp.dir, 'folder')
    await mkdir(join(filePath, 'full'), { recursive: true })
    await expect(writeFileAtomic(filePath, 'new')).rejects.toThrow()
    expect(await readdir(temp.dir)).toEqual(['folder'])
  })

  test('in a folder that is not there rejects with the error of the system', async () => {
    const written = writeFileAtomic(join(temp.dir, 'none', 'a.json'), 'new')
    await expect(written).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

describe('a file lock', () => {
  const options = { clock: systemClock, timeoutMs: 5_000 }

  test('is held by one at a time, and the next gets it when it is given back', async () => {
    const lockPath = join(temp.dir, 'lock')
    const first = await acquireFileLock(lockPath, options)
    await expect(acquireFileLock(lockPath, { ...options, timeoutMs: 60 })).rejects.toThrow('held by another')

    const second = acquireFileLock(lockPath, options)
    first[Symbol.dispose]()
    using _second = await second
    await expect(acquireFileLock(lockPath, { ...options, timeoutMs: 60 })).rejects.toThrow('held by another')
  })

  test('is waited for no longer than the signal allows', async () => {
    const lockPath = join(temp.dir, 'lock')
    using _held = await acquireFileLock(lockPath, options)
    const cancel = new AbortController()
    const waiting = acquireFileLock(lockPath, { ...options, signal: cancel.signal })
    cancel.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
  })

  test('in a folder that is not there is an error', async () => {
    await expect(acquireFileLock(join(temp.dir, 'none', 'lock'), options)).rejects.toThrow()
  })
})
