import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { CommitSync } from '../../../../../../src-main/front/vfs/uploads/store/commit-sync.ts'
import { makeTempDir } from '../../../../../harness/temp-dir.ts'
import { contentsOf, neverAborted, openStore, put, recordOf } from './stores.ts'

it('those who ask at the same time share a sync, and whoever asks during one has another', async () => {
  await using temp = await makeTempDir('sync')
  writeFileSync(join(temp.dir, 'db-wal'), 'log')
  await using sync = new CommitSync(join(temp.dir, 'db'))
  const [one, other] = [sync.soon(), sync.soon()]
  expect(other).toBe(one)
  await Promise.resolve()
  await Promise.resolve()
  expect(sync.soon()).not.toBe(one)
  await Promise.all([one, sync.soon()])
  sync.now()
})

it('a sync that fails fails whoever waits for it, and not those who ask later', async () => {
  await using temp = await makeTempDir('sync')
  await using sync = new CommitSync(join(temp.dir, 'db'))
  await expect(sync.soon()).rejects.toMatchObject({ code: 'ENOENT' })
  writeFileSync(join(temp.dir, 'db-wal'), 'log')
  await sync.soon()
})

it('an upload whose record cannot be synced is refused, and what it would have replaced stays', async () => {
  await using temp = await makeTempDir('sync')
  const first = openStore(temp.dir)
  const { id } = await put(first, '/a', 'kept')
  await first[Symbol.asyncDispose]()
  await using store = openStore(temp.dir)
  const received = await store.receive(
    (async function* () {
      yield await Promise.resolve(Buffer.from('new'))
    })(),
    (newId, size) => recordOf(newId, '/a', size),
    neverAborted,
  )
  // The log is opened for the first sync, and is not to be found then.
  renameSync(join(temp.dir, 'uploads.sqlite-wal'), join(temp.dir, 'elsewhere'))
  const accepting = store.accept(recordOf(received.id, '/a', received.size), () => [id], neverAborted)
  await expect(accepting).rejects.toMatchObject({ code: 'state-dir-unusable' })
  expect(await contentsOf(store)).toEqual([['/a', 'kept']])
  expect(store.spooledBytes).toBe(4)
})
