import { execFile } from 'node:child_process'
import { chmod, chown, link, readFile, rename, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { promisify } from 'node:util'

import { describe, expect, it } from 'vitest'

import { createLocalBackend } from '../../../src-main/front/backends/local/local-backend.ts'
import { at, codeOf, collect, patterned } from '../backend/subject.ts'
import { asOrdinaryUser, useLocalDrive } from './local-subject.ts'

const isRoot = process.geteuid?.() === 0

describe('special files', () => {
  const drive = useLocalDrive()

  it('are not listed, and refused without waiting for their other end', async () => {
    await promisify(execFile)('mkfifo', [drive().real('fifo')])
    const server = createServer().listen(drive().real('socket'))
    try {
      expect(await drive().names('/')).toEqual([])
      await drive().put('/file', 'content')
      for (const path of ['/fifo', '/socket']) {
        expect(await codeOf(drive().stat(path))).toBe('permission-denied')
        expect(await codeOf(drive().get(path))).toBe('permission-denied')
        expect(await codeOf(drive().put(path, 'new'))).toBe('permission-denied')
        expect(await codeOf(drive().remove(path))).toBe('permission-denied')
        expect(await codeOf(drive().move(path, '/moved'))).toBe('permission-denied')
        expect(await codeOf(drive().move('/file', path))).toBe('permission-denied')
      }
      expect(await drive().namesOnDisk()).toEqual(['fifo', 'file', 'socket'])
    } finally {
      server.close()
    }
  })

  it('are removed with the directory they lie in', async () => {
    await drive().makeDirectory('/tree')
    await promisify(execFile)('mkfifo', [drive().real('tree/fifo')])
    await drive().remove('/tree')
    expect(await drive().namesOnDisk()).toEqual([])
  })
})

// Linux keeps names as bytes; macOS makes no such file.
describe.runIf(process.platform === 'linux')('names that are not UTF-8', () => {
  const drive = useLocalDrive()
  const badName = (dir: string): Buffer =>
    Buffer.concat([Buffer.from(`${dir}/bad `), Buffer.from([0xff, 0xfe])])
  const longBadName = (dir: string): Buffer =>
    Buffer.concat([Buffer.from(`${dir}/`), Buffer.alloc(255, 0xff)])

  it('are left out of listings, which their neighbours survive', async () => {
    await writeFile(badName(drive().rootDir), 'unreachable')
    await writeFile(longBadName(drive().rootDir), 'unreachable')
    await drive().put('/good', 'content')
    expect(await drive().names('/')).toEqual(['good'])
  })

  it('do not keep their directory from being removed', async () => {
    await drive().makeDirectory('/tree')
    await writeFile(badName(drive().real('tree')), 'unreachable')
    await drive().remove('/tree')
    expect(await drive().namesOnDisk()).toEqual([])
  })
})

describe('modes and owners', () => {
  const drive = useLocalDrive()
  const modeOf = async (path: string): Promise<number> => (await stat(drive().real(path))).mode & 0o7777

  it('of a new file are those that any program would give it', async () => {
    await writeFile(drive().real('by a program'), '')
    await drive().put('/new', 'content')
    expect(await modeOf('/new')).toBe(await modeOf('/by a program'))
  })

  it.each([0o600, 0o640, 0o664, 0o666, 0o755, 0o777, 0o200])(
    'keep %o when a file is replaced',
    async (mode) => {
      await drive().put('/file', 'old')
      await chmod(drive().real('file'), mode)
      await drive().put('/file', 'new')
      expect(await modeOf('/file')).toBe(mode)
      expect(await readFile(drive().real('file'), 'utf8')).toBe('new')
    },
  )

  it('lose the set-id bits with the content they were given for', async () => {
    await drive().put('/file', 'old')
    await chmod(drive().real('file'), 0o4755)
    await drive().put('/file', 'new')
    expect(await modeOf('/file')).toBe(0o755)
  })

  it('refuse to replace a file that nobody may write', async () => {
    await drive().put('/file', 'old')
    await chmod(drive().real('file'), 0o444)
    expect(await codeOf(drive().put('/file', 'new'))).toBe('permission-denied')
    expect(await drive().getText('/file')).toBe('old')
  })

  it.runIf(isRoot)('keep the owner of a replaced file where root serves the files of others', async () => {
    await drive().put('/file', 'old')
    await chown(drive().real('file'), 1234, 5678)
    await drive().put('/file', 'new')
    expect(await stat(drive().real('file'))).toMatchObject({ uid: 1234, gid: 5678 })
  })

  it('refuse with permission-denied where the directory does not allow it', async () => {
    await drive().makeDirectory('/closed')
    await drive().put('/closed/file', 'content')
    await drive().put('/unreadable', 'content')
    await chmod(drive().real('unreadable'), 0o200)
    await chmod(drive().real('closed'), 0o555)
    await asOrdinaryUser(drive(), async () => {
      expect(await codeOf(drive().get('/unreadable'))).toBe('permission-denied')
      expect(await drive().names('/closed')).toEqual(['file'])
      expect(await codeOf(drive().put('/closed/new', 'content'))).toBe('permission-denied')
      expect(await codeOf(drive().makeDirectory('/closed/new'))).toBe('permission-denied')
      expect(await codeOf(drive().remove('/closed/file'))).toBe('permission-denied')
      expect(await codeOf(drive().remove('/closed'))).toBe('permission-denied')
      expect(await codeOf(drive().move('/closed/file', '/moved'))).toBe('permission-denied')
    })
    await chmod(drive().real('closed'), 0o000)
    await asOrdinaryUser(drive(), async () => {
      expect(await codeOf(drive().names('/closed'))).toBe('permission-denied')
      expect(await codeOf(drive().stat('/closed/file'))).toBe('permission-denied')
    })
    await chmod(drive().real('closed'), 0o755)
  })

  it('refuse a listing whose entries may be named but not asked about, rather than show it empty', async () => {
    await drive().makeDirectory('/named only')
    await drive().put('/named only/file', 'content')
    await chmod(drive().real('named only'), 0o444)
    await asOrdinaryUser(drive(), async () => {
      expect(await codeOf(drive().names('/named only'))).toBe('permission-denied')
    })
    await chmod(drive().real('named only'), 0o755)
  })
})

describe('hard links', () => {
  const drive = useLocalDrive()

  it('moved onto each other leave one name, as a move must', async () => {
    await drive().put('/one', 'content')
    await link(drive().real('one'), drive().real('two'))
    await drive().move('/one', '/two')
    expect(await drive().names('/')).toEqual(['two'])
    expect(await drive().getText('/two')).toBe('content')
  })
})

describe('a file that others change while it is read', () => {
  const drive = useLocalDrive()

  it('fails when it becomes shorter, instead of ending early', async () => {
    await drive().put('/file', patterned(5_000_000))
    const opened = await drive().backend.read(at('/file'), undefined, drive().call)
    const chunks = opened.body[Symbol.asyncIterator]()
    await chunks.next()
    await truncate(drive().real('file'), 1_000)
    await chunks.next().catch(() => undefined)
    expect(await codeOf(collect(opened.body))).toBe('backend-failed')
  })

  it('ends where it was said to end when it becomes longer', async () => {
    await drive().put('/file', 'short')
    const opened = await drive().backend.read(at('/file'), undefined, drive().call)
    await writeFile(drive().real('file'), 'short and more')
    expect((await collect(opened.body)).toString()).toBe('short')
  })
})

describe('times on the disk', () => {
  const drive = useLocalDrive()

  it('are given with the fraction of a millisecond they have', async () => {
    await drive().put('/file', 'content')
    await utimes(drive().real('file'), 1_700_000_000.123_456, 1_700_000_000.123_456)
    const { modifiedMs } = await drive().stat('/file')
    expect(modifiedMs).toBeCloseTo(1_700_000_000_123.456, 2)
  })
})

describe('a folder that is not there', () => {
  const drive = useLocalDrive()

  it('is refused from the start, as is a file', async () => {
    await drive().put('/file')
    const create = (rootDir: string): Promise<unknown> => createLocalBackend({ rootDir, durable: true })
    expect(await codeOf(create(drive().real('absent')))).toBe('source-missing')
    expect(await codeOf(create(drive().real('file')))).toBe('source-not-a-folder')
    expect(await codeOf(create(drive().real('file/below')))).toBe('source-not-a-folder')
  })

  it('fails every call when it goes away later, instead of telling clients that their files are gone', async () => {
    await drive().put('/file', 'content')
    await rename(drive().rootDir, drive().outside('moved away'))
    expect(await codeOf(drive().names('/'))).toBe('backend-failed')
    expect(await codeOf(drive().stat('/file'))).toBe('backend-failed')
    expect(await codeOf(drive().get('/file'))).toBe('backend-failed')
    expect(await codeOf(drive().put('/file', 'new'))).toBe('backend-failed')
    expect(await codeOf(drive().remove('/file'))).toBe('backend-failed')
    expect(await codeOf(drive().move('/file', '/moved'))).toBe('backend-failed')
    await rm(drive().outside('moved away'), { recursive: true })
  })
})
