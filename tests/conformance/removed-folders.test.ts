import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { observeThroughFront } from '../harness/crash/observe.ts'
import { davClient, type Dav } from '../harness/dav-client.ts'
import { startFaultFront, type FaultFront } from '../harness/fault-front.ts'
import { waitFor } from '../harness/wait-for.ts'

let front: FaultFront
let dav: Dav

beforeAll(async () => {
  front = await startFaultFront({ metadataTtlMs: 0, negativeTtlMs: 0 })
  dav = davClient(front)
})
afterAll(() => front.stop())

test('a folder that vanishes behind the drive while a save in it is pending stays, and is there again with it', async () => {
  await mkdir(join(front.rootDir, 'work', 'deep'), { recursive: true })
  await writeFile(join(front.rootDir, 'work', 'theirs.txt'), 'removed on purpose')
  const stall = await front.inject({ effect: { kind: 'stall' }, methods: ['write'] })
  expect((await dav('PUT', 'work/deep/file.txt', { body: 'saved' })).status).toBe(201)
  await rm(join(front.rootDir, 'work'), { recursive: true })

  const seen = { '/deep': null, '/deep/file.txt': 'saved' }
  expect(Object.fromEntries(await observeThroughFront(dav, 'work'))).toEqual(seen)
  await front.kill9()
  await front.restart()
  await waitFor(
    () =>
      readFile(join(front.rootDir, 'work/deep/file.txt'), 'utf8').then(
        (text) => text === 'saved',
        () => false,
      ),
    { what: 'the save to be delivered into a new folder' },
  )
  expect(Object.fromEntries(await observeThroughFront(dav, 'work'))).toEqual(seen)
  await waitFor(async () => (await front.status()).uploads.pending === 0, { what: 'nothing to be pending' })
  expect((await front.status()).uploads).toMatchObject({ attention: 0, conflicts: 0 })
  await stall.lift()
})

test('a save below a file that has taken the name of its folder goes on when that file is removed', async () => {
  await mkdir(join(front.rootDir, 'taken'))
  const stall = await front.inject({ effect: { kind: 'stall' }, methods: ['write'] })
  expect((await dav('PUT', 'taken/file.txt', { body: 'saved' })).status).toBe(201)
  await rm(join(front.rootDir, 'taken'), { recursive: true })
  await writeFile(join(front.rootDir, 'taken'), 'a file')
  await stall.lift()
  await waitFor(async () => (await front.status()).uploads.attention === 1, { what: 'a person to be needed' })
  expect((await dav('GET', 'taken')).text).toBe('a file')

  expect((await dav('DELETE', 'taken')).status).toBe(204)
  await waitFor(
    () =>
      readFile(join(front.rootDir, 'taken/file.txt'), 'utf8').then(
        (text) => text === 'saved',
        () => false,
      ),
    { what: 'the save to be delivered' },
  )
})
