import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { beforeEach, describe, expect, test } from 'vitest'

import { FakeClock } from '../../fakes/fake-clock.ts'
import type { FaultInput } from '../../fakes/faults.ts'
import { davClient } from '../../harness/dav-client.ts'
import { startFaultFront } from '../../harness/fault-front.ts'
import { waitFor } from '../../harness/wait-for.ts'
import type { Errno } from '../../harness/webdavfs/errno.ts'
import type { SimulatedVolume } from '../../harness/webdavfs/volume.ts'
import { expectClean } from './macos-drive.ts'
import { mountMemoryDrive, type MemoryDrive } from './memory-drive.ts'
import { passTime } from './pass-time.ts'

/** Every line is another one, so that bytes at the wrong place show. */
const photo = Buffer.from(Array.from({ length: 100_000 }, (_, line) => `${line}\n`.padStart(10)).join(''))
const text = Buffer.from('saved while nobody answered')
const never = new AbortController().signal
const everything: FaultInput = { effect: { kind: 'stall' } }
const inTheMiddle: FaultInput = { effect: { kind: 'body-stall', afterBytes: 400_000 }, times: 1 }

let clock: FakeClock

beforeEach(() => {
  clock = new FakeClock()
})

/** Front and volume on one clock, so that 90 s are 90 s to both. */
async function mount(): Promise<MemoryDrive> {
  const drive = await mountMemoryDrive({ frontClock: clock, volumeClock: clock, queued: true })
  drive.backend.put('/folder/note.txt', 'old text')
  drive.backend.put('/folder/photo.jpg', photo.toString())
  drive.backend.put('/other/there.txt', 'there')
  await drive.volume.readdir('/')
  await drive.volume.readdir('/folder')
  return drive
}

/** Lets `seconds` go by, or as much as `work` needs. */
async function after(seconds: number, then: () => void): Promise<void> {
  await clock.sleep(seconds * 1_000)
  then()
}

describe('a backend that is silent for half a minute', () => {
  const gestures: readonly (readonly [string, FaultInput, (volume: SimulatedVolume) => Promise<unknown>])[] =
    [
      ['opening a folder for the first time', everything, (volume) => volume.openFolder('/other')],
      ['opening a folder again', everything, (volume) => volume.openFolder('/folder')],
      ['looking for a name', everything, (volume) => volume.stat('/other/there.txt')],
      ['reading a file', everything, (volume) => volume.readFile('/folder/photo.jpg')],
      ['the middle of a file', inTheMiddle, (volume) => volume.readFile('/folder/photo.jpg')],
      ['copying a file out', inTheMiddle, (volume) => volume.copyOut('/folder/photo.jpg')],
      ['saving a file', everything, (volume) => volume.saveInPlace('/folder/note.txt', Buffer.from('new'))],
      [
        'saving as Pages does',
        everything,
        (volume) => volume.atomicSave('/folder/note.txt', Buffer.from('new')),
      ],
      ['the middle of a copy', inTheMiddle, (volume) => volume.copyIn('/folder/new.jpg', photo)],
      ['copying a file in', everything, (volume) => volume.copyIn('/folder/new.jpg', photo)],
      ['making a folder', everything, (volume) => volume.newFolder('/folder/new')],
      ['renaming a file', everything, (volume) => volume.rename('/folder/note.txt', '/folder/renamed.txt')],
      ['deleting a file', everything, (volume) => volume.unlink('/folder/note.txt')],
    ]

  test.each(gestures)('shows nothing of it in %s', async (_title, fault, gesture) => {
    await using drive = await mount()
    await clock.advance(10_000)
    const injected = drive.faults.inject(fault)
    const over = after(30, () => injected[Symbol.dispose]())
    const result = await passTime(clock, gesture(drive.volume))
    if (Buffer.isBuffer(result)) expect(result.equals(photo)).toBe(true)
    await passTime(clock, over)
    expectClean(drive.volume)
  })

  test('leaves every file as it should be', async () => {
    await using drive = await mount()
    await clock.advance(10_000)
    const injected = drive.faults.inject(everything)
    const over = after(30, () => injected[Symbol.dispose]())
    const { volume } = drive
    await passTime(clock, volume.copyIn('/folder/new.jpg', photo))
    await passTime(
      clock,
      Promise.all([volume.saveInPlace('/folder/note.txt', Buffer.from('new text')), over]),
    )
    await passTime(clock, drive.uploads!.drained(never))
    expect(drive.backend.snapshot()).toMatchObject({
      '/folder/new.jpg': photo.toString(),
      '/folder/note.txt': 'new text',
    })
  })
})

describe('a backend that is silent for longer than macOS waits', () => {
  test('shows what was seen before, at once', async () => {
    await using drive = await mount()
    await clock.advance(10_000)
    drive.faults.inject(everything)
    expect(await passTime(clock, drive.volume.readdir('/folder'))).toEqual(['note.txt', 'photo.jpg'])
    const noticedMs = clock.now()
    expect(await passTime(clock, drive.volume.readdir('/'))).toEqual(['folder', 'other'])
    expect(await passTime(clock, drive.volume.stat('/folder/note.txt'))).toMatchObject({ size: 8 })
    expect(clock.now() - noticedMs).toBeLessThan(20_000)
    expectClean(drive.volume)
  })

  /** Whatever ends a look-up without an answer is "no such file" to macOS, so there the user cannot be told better. */
  const refused: readonly (readonly [string, Errno, (volume: SimulatedVolume) => Promise<unknown>])[] = [
    ['a folder', 'EBUSY', (volume) => volume.readdir('/other')],
    ['a name', 'ENOENT', (volume) => volume.stat('/other/there.txt')],
    ['a file', 'EBUSY', (volume) => volume.readFile('/folder/photo.jpg')],
    ['a new folder', 'EBUSY', (volume) => volume.mkdir('/folder/new')],
    ['a rename', 'EBUSY', (volume) => volume.rename('/folder/note.txt', '/folder/renamed.txt')],
  ]
  test.each(refused)('ends %s with %s, and all is well afterwards', async (_title, errno, gesture) => {
    await using drive = await mount()
    const { volume } = drive
    await clock.advance(10_000)
    const stall = drive.faults.inject(everything)
    await passTime(clock, expect(gesture(volume)).rejects.toMatchObject({ errno }))
    expect(volume.isDown).toBe(false)
    stall[Symbol.dispose]()
    await clock.advance(70_000)
    volume.resetReport()
    await passTime(clock, gesture(volume))
    expectClean(volume)
  })

  const saves: readonly (readonly [string, string, (volume: SimulatedVolume) => Promise<unknown>])[] = [
    ['a file copied in', '/folder/new.txt', (volume) => volume.copyIn('/folder/new.txt', text)],
    ['a saved file', '/folder/note.txt', (volume) => volume.saveInPlace('/folder/note.txt', text)],
    ['a file of a program', '/folder/new.txt', (volume) => volume.writeFile('/folder/new.txt', text)],
    ['a name with an accent', '/folder/é.txt', (volume) => volume.writeFile('/folder/é.txt', text)],
  ]
  test.each(saves)('takes %s at once, and delivers it when it is back', async (_title, path, save) => {
    await using drive = await mount()
    const { volume, backend } = drive
    await passTime(clock, volume.readFile('/folder/note.txt'))
    await clock.advance(10_000)
    const stall = drive.faults.inject(everything)
    // By the time that the silence has been noticed …
    await passTime(clock, volume.readdir('/'))
    const startedMs = clock.now()
    await passTime(clock, save(volume))
    // … nobody waits for the backend any more.
    expect(clock.now() - startedMs).toBeLessThan(30_000)
    expectClean(volume)
    await clock.advance(600_000)
    expect(await passTime(clock, volume.readFile(path))).toEqual(text)
    stall[Symbol.dispose]()
    await passTime(clock, drive.uploads!.drained(never))
    expect(backend.snapshot()).toMatchObject({ [path]: text.toString() })
    expectClean(volume)
  })

  test('ends the file it was sending in the middle, that one alone, after minutes', async () => {
    await using drive = await mount()
    const { volume } = drive
    drive.faults.inject(inTheMiddle)
    const startedMs = clock.now()
    const reading = expect(volume.readFile('/folder/photo.jpg')).rejects.toMatchObject({ errno: 'EIO' })
    await passTime(
      clock,
      waitFor(() => drive.faults.heldUp > 0, { what: 'the middle of the file' }),
    )
    drive.faults.inject(everything)
    await passTime(clock, reading)
    expect(clock.now() - startedMs).toBeGreaterThan(200_000)
    expect(volume.isDown).toBe(false)
  })
})

describe('a real front', () => {
  test('that is slow with ten files lists a folder as ever', async () => {
    await using front = await startFaultFront()
    const names = Array.from({ length: 10 }, (_, index) => `${index}.bin`)
    for (const name of names) await writeFile(join(front.rootDir, name), photo)
    const dav = davClient(front)
    await using drip = await front.inject({
      effect: { kind: 'drip', chunkBytes: 1_000, everyMs: 20 },
      methods: ['read'],
    })
    const reads = names.map((name) => dav('GET', name))
    await waitFor(async () => (await front.look()).calls.read === 10, { what: 'all files to be read' })
    const listing = await dav('PROPFIND', '', { headers: { Depth: '1' }, limitMs: 5_000 })
    expect(listing.body.toString().match(/\.bin</g)).toHaveLength(10)
    await drip.lift()
    for (const { status, body } of await Promise.all(reads)) {
      expect([status, body.equals(photo)]).toEqual([200, true])
    }
  })

  test('that stalls says so, serves what it has seen, and says when it is over', async () => {
    await using front = await startFaultFront({ metadataTtlMs: 0 })
    await writeFile(join(front.rootDir, 'a.txt'), 'a')
    const dav = davClient(front)
    const list = () => dav('PROPFIND', '', { headers: { Depth: '1' } })
    await list()
    const stall = await front.inject(everything)
    expect((await list()).body.toString()).toContain('a.txt')
    expect((await front.status()).health).toBe('stalled')
    await stall.lift()
    await waitFor(() => front.events.some(({ type }) => type === 'recovered'), { what: 'the recovery' })
    expect(front.events.filter(({ type }) => ['stalled', 'recovered'].includes(type))).toHaveLength(2)
    expect((await front.status()).health).toBe('ok')
  })
})
