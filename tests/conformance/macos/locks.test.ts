import { expect, test } from 'vitest'

import { FakeClock } from '../../fakes/fake-clock.ts'
import { waitFor } from '../../harness/wait-for.ts'
import { mountSimulatedVolume } from '../../harness/webdavfs/mount.ts'
import { expectClean, mountDrive } from './macos-drive.ts'

test('a lock is refreshed for as long as the file is open', async () => {
  const clock = new FakeClock()
  await using drive = await mountDrive({ clock })
  await drive.volume.writeFile('/a.txt', Buffer.from('a'))
  const handle = await drive.volume.open('/a.txt', { write: true })
  const refreshes = () => drive.volume.report().requests.filter(({ thread }) => thread === 'pulse')
  for (let count = 1; count <= 3; count++) {
    await clock.advance(300_000)
    await waitFor(() => refreshes().length === count, { what: `refresh ${count}` })
    // The next refresh is planned once this one is answered.
    await waitFor(() => clock.pendingCount > 0, { what: 'the next refresh to be planned' })
  }
  await handle.write(Buffer.from('b'), 0)
  await handle.fsync()
  await handle.close()
  expectClean(drive.volume)
})

test('a refresh and a PUT with a token that a restarted front has never heard of are taken', async () => {
  const clock = new FakeClock()
  await using drive = await mountDrive({ clock })
  await drive.volume.writeFile('/a.txt', Buffer.from('a'))
  const handle = await drive.volume.open('/a.txt', { write: true })
  await drive.front.restart()
  await clock.advance(300_000)
  const isRefreshed = () =>
    drive.volume.report().requests.some(({ thread, status }) => thread === 'pulse' && status === 200)
  await waitFor(isRefreshed, { what: 'the refresh' })
  await handle.write(Buffer.from('b'), 0)
  await handle.fsync()
  await handle.close()
  expect((await drive.volume.readFile('/a.txt')).toString()).toBe('b')
  expectClean(drive.volume)
})

test('a file that another Mac has locked can be saved, with a lock of its own and without any', async () => {
  await using drive = await mountDrive()
  await drive.volume.writeFile('/a.txt', Buffer.from('a'))
  const held = await drive.volume.open('/a.txt', { write: true })
  await using other = await mountSimulatedVolume({ url: drive.front.url })
  await other.saveInPlace('/a.txt', Buffer.from('with a lock'))
  // Opened for reading first, a file never gets its LOCK: the PUT comes without a token.
  const reader = await other.open('/a.txt')
  const writer = await other.open('/a.txt', { write: true })
  await writer.write(Buffer.from('without one'), 0)
  await writer.fsync()
  await writer.close()
  await reader.close()
  expectClean(other)
  const puts = other.report().requests.filter(({ method }) => method === 'PUT')
  expect(puts.map(({ requestHeaders }) => 'If' in requestHeaders)).toEqual([true, false])
  await held.close()
})

test('a folder with locked files in it can be renamed, with the one token that macOS sends', async () => {
  await using drive = await mountDrive()
  await drive.volume.mkdir('/folder')
  for (const name of ['a', 'b']) await drive.volume.writeFile(`/folder/${name}`, Buffer.from(name))
  const handles = await Promise.all(
    ['a', 'b'].map((name) => drive.volume.open(`/folder/${name}`, { write: true })),
  )
  await drive.volume.rename('/folder', '/renamed')
  await Promise.all(handles.map((handle) => handle.close()))
  expect(await drive.volume.readdir('/renamed')).toEqual(['a', 'b'])
  expectClean(drive.volume)
})
