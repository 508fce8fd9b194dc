import type { BigIntStats } from 'node:fs'

import { describe, expect, it } from 'vitest'

import { attributesFrom } from '../../../../docker/bridge/agent/files/attributes.ts'
import { Calls } from '../../../../docker/bridge/agent/files/calls.ts'
import { errnoOf, fromErrno, type Intent } from '../../../../docker/bridge/agent/files/errno.ts'
import { createLanes } from '../../../../docker/bridge/agent/files/lanes.ts'
import { parseExportStatus } from '../../../../docker/bridge/agent/files/parse-export-status.ts'
import { Replacements } from '../../../../docker/bridge/agent/files/replacements.ts'
import { isTemporaryName, TemporaryFiles } from '../../../../docker/bridge/agent/files/temporary-files.ts'

describe('errors of the system', () => {
  const failed = (code: string, errno = -1): Error => Object.assign(new Error(code), { code, errno })

  it.each<[string, Intent, string]>([
    ['ENOENT', 'use', 'not-found'],
    ['ENOENT', 'create', 'parent-missing'],
    ['ENOTDIR', 'use', 'not-found'],
    ['ENOTDIR', 'create', 'parent-missing'],
    ['ESTALE', 'use', 'not-found'],
    ['ESTALE', 'create', 'stalled'],
    ['EIO', 'create', 'stalled'],
    ['ETIMEDOUT', 'use', 'stalled'],
    ['EACCES', 'use', 'permission-denied'],
    ['EPERM', 'create', 'permission-denied'],
    ['EROFS', 'create', 'read-only'],
    ['EDQUOT', 'create', 'no-space'],
    ['ENOSPC', 'create', 'no-space'],
    ['ENAMETOOLONG', 'create', 'name-too-long'],
    ['EFBIG', 'create', 'file-too-large'],
    ['ENOTEMPTY', 'use', 'already-exists'],
    ['EEXIST', 'create', 'already-exists'],
    ['EBUSY', 'use', 'busy'],
    ['EWHATEVER', 'use', 'backend-failed'],
  ])('%s for whoever wants to %s is %s', (errno, intent, code) => {
    expect(fromErrno(failed(errno), 'path', intent)).toMatchObject({ code, args: { path: 'path' } })
  })

  it('that libuv has no name for are known by their number', () => {
    expect(errnoOf(failed('Unknown system error -121', -121))).toBe('EREMOTEIO')
    expect(fromErrno(failed('Unknown system error -122', -122), '', 'create').code).toBe('no-space')
  })
})

describe('file ids', () => {
  const idOf = (ino: bigint): number => {
    const stats = { ino, isFile: () => true, size: 1n, mtimeNs: 1_500_000n, birthtimeNs: 0n }
    return attributesFrom(stats as unknown as BigIntStats)!.fileId
  }

  it('are inode numbers where these are small, and differ for neighbours where they are not', () => {
    expect(idOf(42n)).toBe(42)
    const large = 0xfedc_ba98_7654_3210n
    expect(new Set([0n, 1n, 2n, 3n].map((step) => idOf(large + step))).size).toBe(4)
    expect(Number.isSafeInteger(idOf(0xffff_ffff_ffff_ffffn))).toBe(true)
  })
})

describe('the lanes', () => {
  it('leave threads of the 64 for what is none of theirs', async () => {
    const { attributes, list, read, write, change, status } = createLanes()
    const lanes = [attributes, list, read, write, change, status]
    const gate = Promise.withResolvers<undefined>()
    for (const lane of lanes) for (let call = 0; call < 100; call++) void lane.run(() => gate.promise)
    await Promise.resolve()
    expect(lanes.reduce((sum, lane) => sum + lane.running, 0)).toBeLessThanOrEqual(62)
    gate.resolve(undefined)
  })

  it('keep their width and the order of arrival, and let go what is called off while it waits', async () => {
    const { status: lane } = createLanes()
    const gates = [0, 1, 2, 3, 4].map(() => Promise.withResolvers<undefined>())
    const begun: number[] = []
    const abort = new AbortController()
    const calls = gates.map((gate, index) =>
      lane.run(
        () => {
          begun.push(index)
          return gate.promise
        },
        index === 3 ? abort.signal : undefined,
      ),
    )
    abort.abort()
    await expect(calls[3]).rejects.toMatchObject({ code: 'cancelled' })
    expect(begun).toEqual([0, 1])
    expect(lane.waiting).toBe(2)
    gates[1]!.reject(new Error('failed'))
    await expect(calls[1]).rejects.toThrow('failed')
    await expect.poll(() => begun).toEqual([0, 1, 2])
    for (const gate of gates) gate.resolve(undefined)
    await Promise.all([calls[0], calls[2], calls[4]])
    expect(begun).toEqual([0, 1, 2, 4])
    expect([lane.running, lane.waiting]).toEqual([0, 0])
  })
})

describe('calls with an id', () => {
  it('are called off while they are under way, and when they come too late', () => {
    let nowMs = 0
    const calls = new Calls(() => nowMs)
    const cancelled: string[] = []
    const first = calls.begin('first', () => cancelled.push('first'))
    calls.cancel('first')
    first[Symbol.dispose]()
    calls.cancel('second')
    calls.begin('second', () => cancelled.push('second'))
    calls.cancel('third')
    nowMs = 100_000
    calls.begin('third', () => cancelled.push('third'))
    expect(cancelled).toEqual(['first', 'second'])
  })

  it('have an id that is one, and each its own', () => {
    const calls = new Calls(() => 0)
    calls.begin('a', () => undefined)
    for (const id of ['a', '', 'ä', 'x'.repeat(65)])
      expect(() => calls.begin(id, () => undefined)).toThrow('bad-request')
    expect(() => calls.cancel('../')).toThrow('bad-request')
  })
})

describe('temporary names', () => {
  const ours = '0123456789abcdef'
  const startedMs = 1_000_000_000
  const dayMs = 86_400_000
  const nameOf = (instance: string): string => `.mountbar-${instance}-00112233aabbccdd.part`

  it('are told from all others', () => {
    const name = new TemporaryFiles(ours, startedMs).take()
    for (const taken of [name, nameOf('1234'), nameOf(ours)]) expect(isTemporaryName(taken)).toBe(true)
    for (const other of ['.mountbar-notes.part', `${name}.txt`, `x${name}`, nameOf('')]) {
      expect(isTemporaryName(other)).toBe(false)
    }
  })

  it.each([
    ['of an earlier process of ours', nameOf(ours), startedMs - 1, true],
    ['of ours, written since', nameOf(ours), startedMs + 1, false],
    ['of another agent, an hour old', nameOf('fedcba9876543210'), startedMs - 3_600_000, false],
    ['of another agent, a day old', nameOf('fedcba9876543210'), startedMs - dayMs - 2, true],
    ['of a front on a Mac, an hour old', nameOf('4711'), startedMs - 3_600_000, false],
    ['of nobody', 'file', 0, false],
  ])('%s: leftover or not', (_what, name, modifiedMs, isLeftover) => {
    expect(new TemporaryFiles(ours, startedMs).isLeftover(name, modifiedMs, startedMs)).toBe(isLeftover)
  })

  it('that are in use are none, however old', () => {
    const files = new TemporaryFiles(ours, startedMs)
    const name = files.take()
    expect(files.isLeftover(name, 0, startedMs)).toBe(false)
    files.release(name)
    expect(files.isLeftover(name, 0, startedMs)).toBe(true)
  })
})

describe('replacements', () => {
  const isNothing = (error: unknown): boolean => error === 'nothing'

  it('make whoever finds nothing look again once they are over', async () => {
    const replacements = new Replacements()
    const renaming = Promise.withResolvers<undefined>()
    let isThere = false
    const looking = replacements.lookDespite(
      '/dir/file',
      () => (isThere ? Promise.resolve('found') : Promise.reject(new Error('nothing', { cause: 'nothing' }))),
      (error) => isNothing((error as Error).cause),
    )
    void replacements.run('/dir/file', () => renaming.promise)
    isThere = true
    renaming.resolve(undefined)
    expect(await looking).toBe('found')
  })

  it('do not make up what is missing for good, nor concern other names', async () => {
    const replacements = new Replacements()
    const gone = new Error('gone')
    let looks = 0
    const look = (): Promise<never> => {
      looks++
      return Promise.reject(gone)
    }
    void replacements.run('/dir/other', () => Promise.resolve())
    await expect(replacements.lookDespite('/dir/file', look, () => true)).rejects.toBe(gone)
    expect(looks).toBe(1)
  })

  it('of one name come one after the other, failed ones included', async () => {
    const replacements = new Replacements()
    const seen: string[] = []
    const failing = replacements.run('/dir/file', async () => {
      await Promise.resolve()
      seen.push('first')
      throw new Error('refused')
    })
    const second = replacements.run('/dir/file', () => Promise.resolve(void seen.push('second')))
    await expect(failing).rejects.toThrow('refused')
    await second
    expect(seen).toEqual(['first', 'second'])
  })
})

describe("S3 Files' status of a file", () => {
  it.each([
    ['S3Key: s3://bucket/a b:c=d\n', { objectUrl: 's3://bucket/a b:c=d' }],
    [
      'S3Key=s3://bucket/key\r\nExportError=S3AccessDenied',
      { objectUrl: 's3://bucket/key', exportError: 'S3AccessDenied' },
    ],
    [
      'S3Key:\nExportError : PathTooLong\nFilePath:dir/file\0',
      { exportError: 'PathTooLong', filePath: 'dir/file' },
    ],
    ['S3Key: "s3://bucket/key"\n', { objectUrl: 's3://bucket/key' }],
    ['Something: new\n\n  \nno separator\nconstructor: x', {}],
    ['', {}],
  ])('%j', (text, status) => {
    expect(parseExportStatus(text)).toEqual(status)
  })
})
