import { closeSync, fstatSync, openSync, statSync } from 'node:fs'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { ReadChunks } from '../../../../src-main/front/files/read-chunks.ts'
import { rootPath } from '../../../../src-main/front/vfs/path.ts'
import { waitFor } from '../../../harness/wait-for.ts'

const mebibyte = 1024 * 1024
async function drain(chunks: ReadChunks): Promise<void> {
  for await (const _chunk of chunks) continue
}

const content = Buffer.alloc(5 * mebibyte, 'abcdefg')

describe('the chunks of an open file', () => {
  let dir: string
  let filePath: string
  let abort: AbortController
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'mountbar-read-'))
    filePath = join(dir, 'file')
    await writeFile(filePath, content)
    abort = new AbortController()
  })
  afterEach(() => rm(dir, { recursive: true }))

  function open(length = content.length): { fd: number; chunks: ReadChunks } {
    const fd = openSync(filePath, 'r')
    return { fd, chunks: new ReadChunks({ fd, position: 0, length }, rootPath, abort.signal) }
  }

  /** Whether the number stands for the file no more: it may be free, or belong to another file by now. */
  const isClosed = (fd: number): boolean => {
    try {
      return fstatSync(fd).ino !== statSync(filePath).ino
    } catch {
      return true
    }
  }

  it('lend the consumer a buffer that stays as it is until the next is asked for', async () => {
    const { chunks } = open()
    let position = 0
    for await (const chunk of chunks) {
      // Time enough for the read ahead to fill whatever it fills.
      expect(chunk.length).toBeGreaterThan(0)
      await new Promise((resolve) => setImmediate(resolve))
      expect(Buffer.compare(chunk, content.subarray(position, position + chunk.length))).toBe(0)
      position += chunk.length
    }
    expect(position).toBe(content.length)
  })

  it('use two buffers for a file of any length', async () => {
    const { chunks } = open()
    const memories = new Set<ArrayBufferLike>()
    for await (const chunk of chunks) memories.add(chunk.buffer)
    expect(memories.size).toBe(2)
  })

  const ends: readonly (readonly [string, (chunks: ReadChunks) => Promise<unknown>])[] = [
    ['read to their end', drain],
    ['left early', (chunks) => chunks.next().then(() => chunks.return())],
    ['given back unread', (chunks) => chunks.close()],
  ]
  it.each(ends)('close their descriptor when %s', async (_how, end) => {
    const { fd, chunks } = open()
    await end(chunks)
    await chunks.close()
    expect(isClosed(fd)).toBe(true)
  })

  it('close their descriptor on abort with nobody reading, and with the next chunk on its way', async () => {
    const idle = open()
    const busy = open()
    await busy.chunks.next()
    abort.abort()
    await waitFor(() => isClosed(idle.fd) && isClosed(busy.fd), { what: 'both files to be closed' })
  })

  it('close their descriptor as soon as the last byte is read, before it is taken', async () => {
    const { fd, chunks } = open(mebibyte + 1)
    await chunks.next()
    await waitFor(() => isClosed(fd), { what: 'the file to be closed' })
    expect((await chunks.next()).value).toHaveLength(1)
    expect((await chunks.next()).done).toBe(true)
  })

  it('close their descriptor when the file turns out shorter, and fail as often as they are asked', async () => {
    const { fd, chunks } = open()
    await truncate(filePath, 100)
    await expect(chunks.next()).rejects.toMatchObject({ code: 'backend-failed' })
    await expect(chunks.next()).rejects.toMatchObject({ code: 'backend-failed' })
    await chunks.close()
    expect(isClosed(fd)).toBe(true)
  })

  it('keep the number of a descriptor taken until the read under way has ended', async () => {
    const { fd, chunks } = open()
    const reading = chunks.next()
    const closing = chunks.close()
    const other = openSync(filePath, 'r')
    expect(other).not.toBe(fd)
    closeSync(other)
    await closing
    await reading
  })
})
