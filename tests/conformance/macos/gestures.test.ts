import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'

import { describe, expect, test } from 'vitest'

import { expectClean, mountDrive, type MacosDrive } from './macos-drive.ts'

const provenance = { 'com.apple.provenance': Buffer.from('0123456789a') }
const photo = Buffer.from(Uint8Array.from({ length: 3_000_000 }, (_, index) => index % 253))

interface Gesture {
  readonly title: string
  readonly run: (drive: MacosDrive) => Promise<unknown>
  /** The folder afterwards, by name; `null` is a directory. */
  readonly leaves: Readonly<Record<string, Buffer | string | null>>
  /** At most so many backend calls, deliveries included. How many of them the user waits for, `bench/gestures` counts. */
  readonly maxBackendCalls: number
}

const before = {
  'note.txt': 'old text',
  'photo.jpg': photo,
  album: null,
  'album/one.txt': '1',
  'album/two.txt': '2',
}

const gestures: readonly Gesture[] = [
  {
    title: 'opening a folder',
    run: ({ volume }) => volume.openFolder('/'),
    leaves: before,
    maxBackendCalls: 1,
  },
  {
    title: 'opening a folder with previews of its files',
    run: ({ volume }) => volume.openFolder('/', { previews: true }),
    leaves: before,
    maxBackendCalls: 3,
  },
  {
    title: 'copying a file in with Finder',
    run: ({ volume }) => volume.copyIn('/new.jpg', photo, { xattrs: provenance }),
    leaves: { ...before, 'new.jpg': photo },
    maxBackendCalls: 2,
  },
  {
    title: 'copying an empty file in with Finder',
    run: ({ volume }) => volume.copyIn('/empty', Buffer.alloc(0)),
    leaves: { ...before, empty: '' },
    maxBackendCalls: 2,
  },
  {
    title: 'copying a file in with cp',
    run: ({ volume }) => volume.cpIn('/new.jpg', photo, { xattrs: provenance }),
    leaves: { ...before, 'new.jpg': photo },
    maxBackendCalls: 2,
  },
  {
    title: 'pressing ✕ while a file is copied in',
    run: ({ volume }) => volume.copyIn('/new.jpg', photo, { cancelAfterBytes: 1_048_576 }),
    leaves: before,
    maxBackendCalls: 3,
  },
  {
    title: 'copying a file out',
    run: async ({ volume }) => expect(await volume.copyOut('/photo.jpg')).toEqual(photo),
    leaves: before,
    maxBackendCalls: 1,
  },
  {
    title: 'saving in place',
    run: ({ volume }) => volume.saveInPlace('/note.txt', Buffer.from('new text')),
    leaves: { ...before, 'note.txt': 'new text' },
    maxBackendCalls: 3,
  },
  {
    title: 'saving atomically',
    run: ({ volume }) => volume.atomicSave('/note.txt', Buffer.from('new text')),
    leaves: { ...before, 'note.txt': 'new text' },
    maxBackendCalls: 4,
  },
  {
    title: 'saving a new document atomically',
    run: ({ volume }) => volume.atomicSave('/draft.txt', Buffer.from('first')),
    leaves: { ...before, 'draft.txt': 'first' },
    maxBackendCalls: 2,
  },
  {
    title: 'renaming a file',
    run: ({ volume }) => volume.rename('/note.txt', '/renamed.txt'),
    leaves: { ...without(before, 'note.txt'), 'renamed.txt': 'old text' },
    maxBackendCalls: 1,
  },
  {
    title: 'moving a file into a folder',
    run: ({ volume }) => volume.rename('/note.txt', '/album/note.txt'),
    leaves: { ...without(before, 'note.txt'), 'album/note.txt': 'old text' },
    maxBackendCalls: 2,
  },
  {
    title: 'renaming a folder',
    run: ({ volume }) => volume.rename('/album', '/Album'),
    leaves: {
      ...without(before, 'album', 'album/one.txt', 'album/two.txt'),
      Album: null,
      'Album/one.txt': '1',
      'Album/two.txt': '2',
    },
    maxBackendCalls: 1,
  },
  {
    title: 'duplicating a file',
    run: ({ volume }) => volume.duplicate('/photo.jpg', '/photo copy.jpg'),
    leaves: { ...before, 'photo copy.jpg': photo },
    maxBackendCalls: 3,
  },
  {
    title: 'making a folder',
    run: ({ volume }) => volume.newFolder('/untitled folder'),
    leaves: { ...before, 'untitled folder': null },
    maxBackendCalls: 1,
  },
  {
    title: 'deleting a file',
    run: ({ volume }) => volume.deleteTree('/note.txt'),
    leaves: without(before, 'note.txt'),
    maxBackendCalls: 1,
  },
  {
    title: 'deleting a folder with two files',
    run: ({ volume }) => volume.deleteTree('/album'),
    leaves: without(before, 'album', 'album/one.txt', 'album/two.txt'),
    maxBackendCalls: 4,
  },
]

/** As users have it: saves are answered before the backend has them. What was seen is believed however long a gesture takes here. */
const queued = {
  config: { writeMode: 'queued' },
  metadataTtlMs: 60_000,
  negativeTtlMs: 60_000,
} as const

describe('each gesture leaves the right bytes, nothing to complain about, and costs few backend calls', () => {
  test.each(gestures)('$title', async ({ title, run, leaves, maxBackendCalls }) => {
    await using drive = await mountDrive(queued)
    await plant(drive.front.rootDir, before)
    // The window the user works in is open: what it shows is known.
    if (!title.startsWith('opening')) await drive.volume.openFolder('/')
    const calls = await drive.backendCallsOf(() => run(drive))
    expectClean(drive.volume)
    expect(await contentOf(drive.front.rootDir)).toEqual(comparable(leaves))
    expect(calls).toBeLessThanOrEqual(maxBackendCalls)
  })
})

test('a session of all gestures one after the other is clean', async () => {
  await using drive = await mountDrive(queued)
  const { volume, front } = drive
  await plant(front.rootDir, before)
  await volume.settleIn()
  await volume.openFolder('/', { previews: true })
  await volume.copyIn('/in.jpg', photo, { xattrs: provenance })
  await volume.duplicate('/in.jpg', '/in copy.jpg')
  expect(await volume.getxattr('/in copy.jpg', 'com.apple.provenance')).toEqual(
    provenance['com.apple.provenance'],
  )
  await volume.newFolder('/stuff')
  await volume.rename('/in copy.jpg', '/stuff/moved.jpg')
  expect(await volume.getxattr('/stuff/moved.jpg', 'com.apple.provenance')).toEqual(
    provenance['com.apple.provenance'],
  )
  await volume.saveInPlace('/note.txt', Buffer.from('one'))
  await volume.atomicSave('/note.txt', Buffer.from('two'))
  await volume.atomicSave('/note.txt', Buffer.from('three'))
  await volume.deleteTree('/stuff')
  await volume.deleteTree('/album')
  await volume.openFolder('/')
  expectClean(volume)
  await drive.delivered()
  expect(await contentOf(front.rootDir)).toEqual(
    comparable({ 'note.txt': 'three', 'photo.jpg': photo, 'in.jpg': photo }),
  )
})

test('opening a folder of 100 files costs one backend call', async () => {
  await using drive = await mountDrive(queued)
  await plant(
    drive.front.rootDir,
    Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`f${index}`, 'x'])),
  )
  expect(await drive.backendCallsOf(() => drive.volume.openFolder('/'))).toBe(1)
  expect(drive.volume.report().requests.filter(({ path }) => path.includes('/._f'))).toHaveLength(100)
})

function without<T>(record: Readonly<Record<string, T>>, ...names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)))
}

async function plant(
  rootDir: string,
  entries: Readonly<Record<string, Buffer | string | null>>,
): Promise<void> {
  for (const [name, content] of Object.entries(entries)) {
    if (content === null) await mkdir(join(rootDir, name))
    else await writeFile(join(rootDir, name), content)
  }
}

function comparable(
  entries: Readonly<Record<string, Buffer | string | null>>,
): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(entries).map(([name, content]) => [
      name,
      content === null ? null : fingerprint(Buffer.from(content)),
    ]),
  )
}

async function contentOf(rootDir: string): Promise<Record<string, string | null>> {
  const found: Record<string, string | null> = {}
  for (const entry of await readdir(rootDir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    found[path.slice(rootDir.length + 1)] = entry.isDirectory() ? null : fingerprint(await readFile(path))
  }
  return found
}

/** Short enough to read in a failed comparison: small files as they are, large ones by length and checksum. */
function fingerprint(bytes: Buffer): string {
  return bytes.length < 100 ? bytes.toString() : `${bytes.length} bytes, crc ${crc32(bytes)}`
}
