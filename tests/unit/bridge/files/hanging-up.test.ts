import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readFile, readdir, readlink, truncate, writeFile } from 'node:fs/promises'

import { describe, expect, it } from 'vitest'

import { waitFor } from '../../../harness/wait-for.ts'
import { answerOf, useServedFolder } from './served-folder.ts'

const mebibyte = 1024 * 1024
const folder = useServedFolder()

const temporaryIsThere = async (): Promise<boolean> =>
  (await folder().namesOnDisk()).some((name) => name.endsWith('.part'))

/** Open files of this process below the folder; the service runs in it. */
async function openFiles(): Promise<string[]> {
  const links = await Promise.all(
    (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
  )
  return links.filter((target) => target.startsWith(folder().rootDir))
}

describe('a client that hangs up', () => {
  it('in the middle of a body leaves the old content and no trace', async () => {
    await folder().put('file', 'old')
    const putting = folder().open('PUT', 'content', { path: 'file' })
    putting.write(randomBytes(3 * mebibyte))
    await waitFor(temporaryIsThere, { what: 'the temporary file' })
    expect(await readFile(folder().real('file'), 'utf8')).toBe('old')
    putting.destroy()
    await waitFor(async () => !(await temporaryIsThere()), { what: 'the temporary file to go' })
    expect(await readFile(folder().real('file'), 'utf8')).toBe('old')
    await waitFor(async () => (await openFiles()).length === 0, { what: 'all files to be closed' })
  })

  it('before the announced length leaves no trace either', async () => {
    const putting = folder().open('PUT', 'content', { path: 'file' }, { 'content-length': 10 * mebibyte })
    putting.write(randomBytes(2 * mebibyte))
    await waitFor(temporaryIsThere, { what: 'the temporary file' })
    putting.destroy()
    await waitFor(async () => (await folder().namesOnDisk()).length === 0, {
      what: 'the temporary file to go',
    })
  })

  it('in the middle of a file ends its reading', async () => {
    await folder().put('file', randomBytes(64 * mebibyte))
    const getting = folder().open('GET', 'content', { path: 'file' }).end()
    const answer = await answerOf(getting)
    answer.on('error', () => undefined)
    await once(answer, 'data')
    answer.pause()
    expect(await openFiles()).toEqual([folder().real('file')])
    answer.destroy()
    await waitFor(async () => (await openFiles()).length === 0, { what: 'the file to be closed' })
  })

  it('ends a removal', async () => {
    await mkdir(folder().real('tree'))
    for (let index = 0; index < 2_000; index++) await writeFile(folder().real(`tree/${index}`), '')
    const removing = folder().open('DELETE', 'entry', { path: 'tree' }).end()
    await waitFor(async () => (await readdir(folder().real('tree'))).length < 2_000, {
      what: 'it to begin',
      everyMs: 1,
    })
    removing.destroy()
    const leftAfter = async (): Promise<number> => (await folder().namesOnDisk()).length
    let before = -1
    const left = await waitFor(
      async () => {
        const now = await leftAfter()
        const isStill = now === before
        before = now
        return isStill ? { now } : undefined
      },
      { what: 'the removal to stop', everyMs: 100 },
    )
    expect(left.now).toBeGreaterThan(0)
  })
})

describe('a call that is called off by its id', () => {
  it('says itself that nothing of it happened, and its connection lives on', async () => {
    await folder().put('file', 'old')
    const putting = folder().open('PUT', 'content', { path: 'file' }, { 'mountbar-call': 'call-1' })
    putting.write(randomBytes(2 * mebibyte))
    await waitFor(temporaryIsThere, { what: 'the temporary file' })
    expect((await folder().ask('POST', 'cancel', { call: 'call-1' })).status).toBe(204)
    const answer = await answerOf(putting)
    expect(answer.statusCode).toBe(499)
    expect(await folder().namesOnDisk()).toEqual(['file'])
    expect(await readFile(folder().real('file'), 'utf8')).toBe('old')
    putting.destroy()
  })

  it('before it came is refused when it comes', async () => {
    await folder().ask('POST', 'cancel', { call: 'call-2' })
    const reply = await folder().ask(
      'POST',
      'directory',
      { path: 'new' },
      { headers: { 'mountbar-call': 'call-2' } },
    )
    expect(reply.value).toMatchObject({ code: 'cancelled' })
    expect(await folder().namesOnDisk()).toEqual([])
  })

  it('is answered as ever when it is done already', async () => {
    const headers = { 'mountbar-call': 'call-3' }
    const reply = await folder().ask('POST', 'directory', { path: 'new' }, { headers })
    expect(reply.status).toBe(201)
    expect((await folder().ask('POST', 'cancel', { call: 'call-3' })).status).toBe(204)
    expect(await folder().namesOnDisk()).toEqual(['new'])
  })
})

describe('a body that is asked for first', () => {
  const expecting = { expect: '100-continue', 'content-length': 7 }

  it('is asked for when nothing refuses the write', async () => {
    const putting = folder().open('PUT', 'content', { path: 'file' }, expecting)
    putting.flushHeaders()
    await once(putting, 'continue')
    putting.end('content')
    expect((await answerOf(putting)).statusCode).toBe(200)
    expect(await readFile(folder().real('file'), 'utf8')).toBe('content')
  })

  it('is not asked for when something does', async () => {
    const putting = folder().open('PUT', 'content', { path: 'absent/file' }, expecting)
    let isAsked = false
    putting.on('continue', () => (isAsked = true))
    putting.flushHeaders()
    const answer = await answerOf(putting)
    expect([answer.statusCode, answer.headers.connection, isAsked]).toEqual([409, 'close', false])
    putting.destroy()
  })
})

describe('a file that becomes shorter while it is read', () => {
  it('is cut off, and not taken for complete', async () => {
    await folder().put('file', randomBytes(32 * mebibyte))
    const answer = await answerOf(folder().open('GET', 'content', { path: 'file' }).end())
    await once(answer, 'readable')
    await truncate(folder().real('file'), 1_000)
    const outcome = (async () => {
      for await (const _piece of answer) continue
    })()
    await expect(outcome).rejects.toThrow()
    await waitFor(async () => (await openFiles()).length === 0, { what: 'the file to be closed' })
  })
})
