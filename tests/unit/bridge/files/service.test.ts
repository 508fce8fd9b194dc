import { chmod, link, mkdir, readFile, readdir, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

import { describe, expect, it } from 'vitest'

import { useServedFolder } from './served-folder.ts'

const folder = useServedFolder({ instanceId: '0123456789abcdef' })
const text = 'application/octet-stream'

describe('a listing', { timeout: 30_000 }, () => {
  it('has the directory, its entries and their number, each as its own attributes say', async () => {
    await folder().put('file', 'content')
    await folder().ask('POST', 'directory', { path: 'Ärger & 100%' })
    const { status, lines } = await folder().ask('GET', 'directory', { path: '' })
    const file = (await folder().ask('GET', 'attributes', { path: 'file' })).value as Record<string, unknown>
    const dir = (await folder().ask('GET', 'attributes', { path: 'Ärger & 100%' })).value as Record<
      string,
      unknown
    >
    expect(status).toBe(200)
    expect(lines[0]).toEqual({ directory: (await folder().ask('GET', 'attributes', { path: '' })).value })
    expect(lines.slice(1, -1)).toContainEqual([
      'file',
      'f',
      7,
      file['modifiedMs'],
      file['createdMs'],
      file['fileId'],
    ])
    expect(lines).toContainEqual(['Ärger & 100%', 'd', 0, dir['modifiedMs'], dir['createdMs'], dir['fileId']])
    expect(lines.at(-1)).toEqual({ end: 2 })
  })

  it('of many thousands has each of them once', async () => {
    const names = Array.from({ length: 1_000 }, (_, index) => `file ${index}`)
    await Promise.all(names.map((name) => writeFile(folder().real(name), '')))
    expect((await folder().names()).sort()).toEqual(names.sort())
  })

  it('survives files that vanish while it is made', async () => {
    const names = Array.from({ length: 700 }, (_, index) => `file ${index}`)
    await Promise.all(names.map((name) => writeFile(folder().real(name), '')))
    const [listing] = await Promise.all([
      folder().ask('GET', 'directory', { path: '' }),
      ...names.slice(0, 200).map((path) => folder().ask('DELETE', 'entry', { path })),
    ])
    expect(listing.lines.at(-1)).toEqual({ end: listing.lines.length - 2 })
  })

  it('leaves out special files, names that are not UTF-8, and what the kernel put aside', async () => {
    await promisify(execFile)('mkfifo', [folder().real('fifo')])
    await writeFile(Buffer.concat([Buffer.from(folder().real('bad ')), Buffer.from([0xff])]), '')
    await writeFile(folder().real('.nfs000000000000000100000001'), '')
    await folder().put('file')
    expect(await folder().names()).toEqual(['file'])
  })

  it('shows every replaced file, however often it is replaced meanwhile', async () => {
    await folder().put('file', 'old')
    const writing = (async () => {
      for (let round = 0; round < 15; round++) await folder().put('file', `${round}`)
    })()
    for (let round = 0; round < 15; round++) expect(await folder().names()).toEqual(['file'])
    await writing
  })
})

describe('reading', () => {
  it('says what the file is, how long the body, and sends it', async () => {
    await folder().put('file', '0123456789')
    const { headers, text: body } = await folder().ask('GET', 'content', { path: 'file', start: 2, end: 4 })
    expect(body).toBe('234')
    expect(headers.get('content-length')).toBe('3')
    expect(headers.get('content-type')).toBe(text)
    const attributes = (await folder().ask('GET', 'attributes', { path: 'file' })).value
    expect(JSON.parse(headers.get('mountbar-attributes')!)).toEqual(attributes)
  })

  it.each([
    [{ start: 0, end: 99 }, 200, '0123456789'],
    [{ start: 9, end: Number.MAX_SAFE_INTEGER }, 200, '9'],
    [{ start: 10, end: 10 }, 200, ''],
    [{ start: 5, end: 4 }, 400, undefined],
    [{ start: 5 }, 400, undefined],
    [{ end: 5 }, 400, undefined],
    [{ start: -1, end: 5 }, 400, undefined],
  ])('of %j of ten bytes is answered with %i', async (range, status, body) => {
    await folder().put('file', '0123456789')
    const reply = await folder().ask('GET', 'content', { path: 'file', ...range })
    expect(reply.status).toBe(status)
    if (body !== undefined) expect(reply.text).toBe(body)
  })
})

describe('writing', () => {
  it('is over when the file is there, and describes it', async () => {
    const { status, value } = await folder().put('file', 'content')
    expect(status).toBe(200)
    expect(value).toEqual((await folder().ask('GET', 'attributes', { path: 'file' })).value)
    expect(await readFile(folder().real('file'), 'utf8')).toBe('content')
  })

  it.each([
    ['shorter', 8],
    ['longer', 6],
  ])('a body that is %s than announced is refused without a trace', async (_how, size) => {
    await folder().put('file', 'old')
    const reply = await folder().ask('PUT', 'content', { path: 'file', size }, { body: 'content' })
    expect(reply.value).toMatchObject({ code: 'bad-request' })
    expect((await folder().ask('GET', 'content', { path: 'file' })).text).toBe('old')
    expect(await folder().namesOnDisk()).toEqual(['file'])
  })

  it('a body as long as announced is taken', async () => {
    const reply = await folder().ask('PUT', 'content', { path: 'file', size: 7 }, { body: 'content' })
    expect(reply.value).toMatchObject({ size: 7 })
  })

  it('keeps the mode of what it replaces, and respects that nobody may write it', async () => {
    await folder().put('file', 'old')
    await chmod(folder().real('file'), 0o640)
    await folder().put('file', 'new')
    expect((await stat(folder().real('file'))).mode & 0o777).toBe(0o640)
    await chmod(folder().real('file'), 0o444)
    expect(await folder().code('PUT', 'content', { path: 'file' }, { body: 'newer' })).toBe(
      'permission-denied',
    )
    expect(await readFile(folder().real('file'), 'utf8')).toBe('new')
  })

  it('gives no access to temporary files', async () => {
    const path = '.mountbar-0123456789abcdef-0123456789abcdef.part'
    await writeFile(folder().real(path), 'half')
    expect(await folder().code('GET', 'content', { path })).toBe('not-found')
    expect(await folder().code('DELETE', 'entry', { path })).toBe('not-found')
    expect(await folder().code('POST', 'move', { from: path, to: 'file' })).toBe('not-found')
    expect(await folder().code('PUT', 'content', { path }, { body: 'x' })).toBe('permission-denied')
    expect(await folder().names()).toEqual([])
  })
})

describe('what a crash left', () => {
  it('goes when its directory is listed: of ours from before at once, of others after a day', async () => {
    await mkdir(folder().real('dir'))
    const leftover = 'dir/.mountbar-0123456789abcdef-0000000000000000.part'
    const alive = 'dir/.mountbar-fedcba9876543210-0000000000000000.part'
    const dead = 'dir/.mountbar-fedcba9876543210-1111111111111111.part'
    for (const name of [leftover, alive, dead]) await writeFile(folder().real(name), 'half')
    const minuteAgo = Date.now() / 1000 - 60
    await utimes(folder().real(leftover), minuteAgo, minuteAgo)
    await utimes(folder().real(alive), minuteAgo, minuteAgo)
    await utimes(folder().real(dead), 0, 0)
    expect(await folder().names('dir')).toEqual([])
    await expect.poll(() => readdir(folder().real('dir'))).toEqual([alive.slice(4)])
  })
})

describe('moving and removing', () => {
  it('replaces a file, and refuses to replace a directory', async () => {
    await folder().put('a', 'new')
    await folder().put('b', 'old')
    await mkdir(folder().real('dir'))
    expect((await folder().ask('POST', 'move', { from: 'a', to: 'b' })).value).toMatchObject({ size: 3 })
    expect(await readFile(folder().real('b'), 'utf8')).toBe('new')
    expect(await folder().code('POST', 'move', { from: 'b', to: 'dir' })).toBe('already-exists')
    expect(await folder().namesOnDisk()).toEqual(['b', 'dir'])
  })

  it('of one of two hard links onto the other leaves one', async () => {
    await folder().put('one', 'content')
    await link(folder().real('one'), folder().real('two'))
    expect((await folder().ask('POST', 'move', { from: 'one', to: 'two' })).status).toBe(200)
    expect(await folder().namesOnDisk()).toEqual(['two'])
  })

  it('takes a tree away with links, special files and names of any bytes, and tells the end', async () => {
    await mkdir(folder().real('tree/deep/deeper'), { recursive: true })
    await writeFile(Buffer.concat([Buffer.from(folder().real('tree/bad ')), Buffer.from([0xff])]), '')
    await promisify(execFile)('mkfifo', [folder().real('tree/deep/fifo')])
    await writeFile(folder().outside('file'), 'stays')
    await symlink(folder().outsideDir, folder().real('tree/link'))
    const { status, lines } = await folder().ask('DELETE', 'entry', { path: 'tree' })
    expect([status, lines]).toEqual([200, [{ done: true }]])
    expect(await folder().namesOnDisk()).toEqual([])
    expect(await readFile(folder().outside('file'), 'utf8')).toBe('stays')
  })
})

describe('the rest', () => {
  it('sets the time of a file with its fraction', async () => {
    await folder().put('file')
    const { value } = await folder().ask('PUT', 'times', { path: 'file', modifiedMs: 1_700_000_000_123.5 })
    expect((value as { modifiedMs: number }).modifiedMs).toBeCloseTo(1_700_000_000_123.5, 2)
  })

  it('gives the size of the file system', async () => {
    const { totalBytes, freeBytes } = (await folder().ask('GET', 'space')).value as Record<string, number>
    expect(totalBytes).toBeGreaterThan(freeBytes!)
  })

  it('hides what it is, and takes no request without the token', async () => {
    const { headers } = await folder().ask('GET', 'space')
    expect(headers.get('server')).toBeNull()
    for (const authorization of ['', 'Bearer 00', `Bearer ${'ab12'.repeat(15)}`]) {
      const reply = await folder().ask('GET', 'space', {}, { headers: { authorization } })
      expect([reply.status, reply.value]).toEqual([401, { code: 'unauthorized', args: {} }])
    }
  })

  it.each([
    ['GET', 'nothing'],
    ['POST', 'content'],
    ['DELETE', 'directory'],
    ['GET', '../etc/passwd'],
  ])('%s %s is no route, which is not said as "no such file"', async (method, route) => {
    const reply = await folder().ask(method, route, { path: '' })
    expect([reply.status, (reply.value as { code: string }).code]).toEqual([400, 'bad-request'])
  })
})

describe('a read-only service', () => {
  const readOnly = useServedFolder({ readOnly: true })

  it.each([
    ['PUT', 'content', { path: 'new' }],
    ['POST', 'directory', { path: 'new' }],
    ['POST', 'move', { from: 'file', to: 'new' }],
    ['DELETE', 'entry', { path: 'file' }],
    ['PUT', 'times', { path: 'file', modifiedMs: 0 }],
  ])('refuses %s %s', async (method, route, parameters) => {
    await writeFile(readOnly().real('file'), 'content')
    expect(await readOnly().code(method, route, parameters as Record<string, string | number>)).toBe(
      'read-only',
    )
    expect((await readOnly().ask('GET', 'content', { path: 'file' })).text).toBe('content')
    expect(await readOnly().namesOnDisk()).toEqual(['file'])
  })
})
